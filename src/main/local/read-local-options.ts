import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";
import { belongsToJob } from "../../runner/briefing/session-environment.ts";
import { readHarnessWish } from "../../surfaces/cli/init/read-wishes.ts";
import { isForModel } from "./pass-environment.ts";
import { complaintOf } from "./complaint-of.ts";
import type { LocalOptions } from "./start-local.ts";
import type { LocalHarness, Target } from "./target.ts";
import { nameOf } from "./target.ts";

export const LOCAL_USAGE = `Usage: npm run local [-- options]

  --repo <path or clone URL>  work on a copy of this git repository instead of the demo's
  --harness <name>            the agent: claude, codex, gemini or opencode as it is installed here, with its model's key
                              from this terminal; acp, or command, with --run
  --model <name>              the model that the harness is asked to use
  --run <program>             a program as the agent: "my-agent --fast", or a JSON list of its words
  --recording <file>          a recorded session in it, instead of --run
  --verify <command>          what proves the work, beside the checks that it has: "npm test"
  --pass-env <NAME,…>         variables of this terminal for the agent, such as its model's key, which only an agent
                              of the harness "command" sees itself
  --dir <folder>              where everything is kept (default: .baton/local, .baton/local-<harness> or
                              .baton/repositories/<name>)
  --port <number>             of the page (default: 4180; 0 takes a free one)
  --help                      this text

A repository with a .github/baton.yml of its own names agent and checks there: it takes no --harness, --model,
--run, --recording or --verify.`;

const DEFAULT_PORT = 4180;

const OPTIONS = {
  repo: { type: "string" },
  harness: { type: "string" },
  model: { type: "string" },
  run: { type: "string" },
  recording: { type: "string" },
  verify: { type: "string" },
  "pass-env": { type: "string" },
  dir: { type: "string" },
  port: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

type Given = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

/** What the command line asks for, or one sentence on what is wrong with it. */
export function readLocalOptions(args: readonly string[]): Result<LocalOptions | "help", string> {
  const given = parse(args);
  if (!given.ok) return given;
  if (given.value.help === true) return ok("help");
  const port = Number(given.value.port ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535 || given.value.port === "") {
    return err(`--port takes a number from 0 to 65535, not "${given.value.port ?? ""}".`);
  }
  if (given.value.dir === "") return err("--dir takes the name of a folder.");
  const target = readTarget(given.value);
  if (!target.ok) return target;
  return ok({ dir: resolve(given.value.dir ?? usualFolder(target.value)), port, target: target.value });
}

function parse(args: readonly string[]): Result<Given, string> {
  try {
    return ok(parseArgs({ args: [...args], options: OPTIONS }).values);
  } catch (error) {
    return err(complaintOf(error));
  }
}

function readTarget(given: Given): Result<Target | null, string> {
  const { repo } = given;
  if (repo === undefined) return readDemo(given);
  if (repo.trim() === "") return err("--repo takes the path or the clone URL of a git repository.");
  const isUrl = /^[a-z][a-z+.-]*:\/\/|^[^/]+@[^/]+:/i.test(repo);
  const from = isUrl ? repo : resolve(repo);
  if (!isUrl && !existsSync(from)) return err(`There is no repository at ${from}.`);
  const harness = readHarness(given);
  if (!harness.ok) return harness;
  if (given.verify?.trim() === "") return err('--verify takes a command, such as "npm test".');
  const passEnv = (given["pass-env"] ?? "").split(/[\s,]+/).filter((name) => name !== "");
  const odd = passEnv.find((name) => !/^[A-Za-z_]\w*$/.test(name));
  if (odd !== undefined) return err(`--pass-env names ${JSON.stringify(odd)}, which is no variable.`);
  const own = passEnv.find((name) => belongsToJob(name) && !isForModel(name));
  if (own !== undefined) return err(`--pass-env names ${own}, which belongs to the runner and stays there.`);
  return ok({ kind: "copy", from, harness: harness.value, verify: given.verify ?? null, passEnv });
}

/** The demo's repository, as it is or with another agent. */
function readDemo(given: Given): Result<Target | null, string> {
  const { harness: name } = given;
  const others = ["recording", "verify", "pass-env"] as const;
  const stray = (name === undefined ? (["run", "model", ...others] as const) : others).find(
    (option) => given[option] !== undefined,
  );
  if (stray !== undefined)
    return err(`--${stray} goes with --repo: the demo's repository has its own agent.`);
  const harness = readHarness(given);
  if (!harness.ok) return harness;
  return ok(harness.value === null ? null : { kind: "demo", harness: harness.value });
}

function readHarness({ harness, model, run, recording }: Given): Result<LocalHarness | null, string> {
  if (harness === undefined && model === undefined && run === undefined && recording === undefined) {
    return ok(null);
  }
  if (run !== undefined && recording !== undefined) {
    return err("--run and --recording exclude each other: an agent works, or its recording is played.");
  }
  const wish = readHarnessWish({
    ...(harness !== undefined && { harness }),
    ...(model !== undefined && { model }),
    ...(run !== undefined && { run }),
    ...(recording !== undefined && { recording }),
  });
  if (!wish.ok) return wish;
  const { value } = wish;
  if (value.use === "recording") return ok(value);
  const { model: asked = null } = value;
  if (value.use === "opencode" && asked === null) {
    return err("--harness opencode needs --model: it asks for none by itself.");
  }
  if (!("run" in value)) return ok({ use: value.use, model: asked });
  if (value.use === "acp") return ok({ use: "acp", run: [...value.run], model: asked });
  if (value.run === null) return err("--harness command needs --run: the program that is the agent.");
  return ok({ use: "command", run: [...value.run], model: asked });
}

function usualFolder(target: Target | null): string {
  if (target?.kind === "copy") return join(".baton/repositories", nameOf(target.from));
  return target?.harness ? `.baton/local-${target.harness.use}` : ".baton/local";
}
