import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const PROGRAM = fileURLToPath(new URL("../../../src/main/local.ts", import.meta.url));

/** What a program said and how it ended. */
export type Ended = { readonly code: number | null; readonly out: string; readonly errors: string };

/** `npm run local`, as a process of its own like a person's. */
export type LocalProcess = {
  /** Page of the repository. */
  readonly page: string;
  /** What it has printed so far. */
  readonly said: () => string;
  /** Ctrl+C; resolves once it has ended by itself. */
  readonly stop: () => Promise<Ended>;
};

type Start = { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string };

/** Runs it until it refuses or has been stopped. */
export function runLocal(args: readonly string[], { env = {}, cwd }: Start = {}) {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd !== undefined && { cwd }),
  });
  let out = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const ended = once(child, "close").then(([code]): Ended => ({ code: code as number | null, out, errors }));
  return { child, ended, said: () => out };
}

/** Starts it and waits for the address; it is stopped at the end of the test at the latest. */
export async function startLocalProcess(args: readonly string[], start: Start = {}): Promise<LocalProcess> {
  const { child, ended, said } = runLocal(["--port", "0", ...args], start);
  onTestFinished(async () => {
    child.kill("SIGINT");
    await ended;
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
