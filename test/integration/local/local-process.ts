import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";

const PROGRAM = fileURLToPath(new URL("../../../src/main/local.ts", import.meta.url));
const WITNESSED = fileURLToPath(new URL("witnessed.ts", import.meta.url));

/** What a program said and how it ended. */
type Ended = { readonly code: number | null; readonly out: string; readonly errors: string };

/** `npm run local`, as a process of its own like a person's. */
export type LocalProcess = {
  /** Page of the repository. */
  readonly page: string;
  /** What it has printed so far. */
  readonly said: () => string;
  /** Ctrl+C; resolves once it has ended by itself. */
  readonly stop: () => Promise<Ended>;
};

/** `npm run local`, which is to refuse. */
export function runLocal(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return run([PROGRAM, ...args], env).ended;
}

/** `npm run demo` to its end, watched by GitHub's descriptions: what they have against it is among the errors. */
export function runDemo(args: readonly string[]): Promise<Ended> {
  return run([WITNESSED, "demo", ...args]).ended;
}

function run(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, command, {
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const ended = once(child, "close").then(([code]): Ended => ({ code: code as number | null, out, errors }));
  return { child, ended, said: () => out };
}

/**
 * Starts it, watched by GitHub's descriptions, and waits for the address. It is stopped at the end of the test at the
 * latest, and must have ended well.
 */
export async function startLocalProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<LocalProcess> {
  const { child, ended, said } = run([WITNESSED, "local", "--port", "0", ...args], env);
  onTestFinished(async () => {
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 0, errors: "" });
  });
  const page = new Promise<string>((resolve) => {
    child.stdout.on("data", () => {
      const [address] = /http:\/\/\S+/.exec(said()) ?? [];
      // The address stands above all else, and what follows it is written with it.
      if (address !== undefined) resolve(address);
    });
  });
  const early = ended.then(({ code, errors }) => {
    throw new Error(`It ended with ${code} before it was there: ${errors}`);
  });
  return {
    page: await Promise.race([page, early]),
    said,
    stop() {
      child.kill("SIGINT");
      return ended;
    },
  };
}
