import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

export type GitAnswer = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/**
 * git as the user has it set up: their identity, their credentials, their hooks. It never asks on the terminal; what
 * it would ask for is a failure.
 */
export async function git(
  directory: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly input?: string } = {},
): Promise<GitAnswer> {
  const child = spawn("git", ["-C", directory, ...args], {
    env: { ...process.env, GIT_TERMINAL_PROMPT: "0", ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const [[exitCode], stdout, stderr] = await Promise.all([
    once(child, "close") as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { exitCode: exitCode ?? -1, stdout, stderr };
}
