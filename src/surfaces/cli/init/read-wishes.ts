import { err, ok, type Result } from "../../../base/result.ts";
import { HarnessName } from "../../../contract/harness/harness-name.ts";
import type { HarnessWish } from "./render-policy.ts";

/** The options of `baton init` as the command line gives them. */
export type InitOptions = {
  readonly repo?: string;
  readonly pr?: boolean;
  readonly force?: boolean;
  readonly action?: string;
  readonly server?: string;
  readonly harness?: string;
  readonly run?: string;
  readonly model?: string;
  readonly recording?: string;
};

export function readHarnessWish(options: InitOptions): Result<HarnessWish, string> {
  const given = options.harness ?? (options.recording === undefined ? "command" : "recording");
  const use = HarnessName.options.find((name) => name === given);
  if (use === undefined) return err(`There is no harness "${given}": it is ${listOf(HarnessName.options)}.`);
  if (options.recording !== undefined && use !== "recording") {
    return err("--recording needs --harness recording.");
  }
  if (options.model === "") return err("--model takes the name of a model.");
  if (use === "recording") {
    if (options.run !== undefined) return err("--run names a program, and the harness recording runs none.");
    if (options.model !== undefined)
      return err("--model names a model, and the harness recording asks none.");
    return ok({ use, file: options.recording ?? ".github/baton/recording.json" });
  }
  const model = options.model === undefined ? {} : { model: options.model };
  if (use !== "command" && use !== "acp") {
    if (options.run !== undefined) return err(`--run names a program, and the harness ${use} is one itself.`);
    return ok({ use, ...model });
  }
  if (options.run === undefined) {
    if (use === "acp") return err("--harness acp needs --run: the program that speaks the protocol.");
    return ok({ use, run: null, ...model });
  }
  const run = readWords(options.run);
  if (run === null)
    return err('--run takes a program with its arguments, or a JSON list such as ["node", "agent.mjs"].');
  return ok({ use, run, ...model });
}

/** The server's address without a slash at its end; null when none was given. */
export function readServerWish(options: InitOptions): Result<string | null, string> {
  if (options.server === undefined) return ok(null);
  const url = URL.canParse(options.server) ? new URL(options.server) : null;
  const loopback = url !== null && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url === null || (url.protocol !== "https:" && !(loopback && url.protocol === "http:"))) {
    return err(`"${options.server}" is not an https address of a Baton server.`);
  }
  return ok(url.href.replace(/\/+$/, ""));
}

function readWords(text: string): readonly string[] | null {
  if (!text.trim().startsWith("[")) {
    const words = text.split(/\s+/).filter((word) => word !== "");
    return words.length === 0 ? null : words;
  }
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list) || list.length === 0) return null;
    return list.every((word) => typeof word === "string") ? list : null;
  } catch {
    return null;
  }
}

function listOf(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}
