import { describe, expect, test } from "vitest";
import { waitFor } from "../../../test/support/wait-for.ts";
import { systemTimers } from "../timers.ts";
import type { Grace } from "./end-session.ts";
import { findSessionProcesses } from "./find-processes.ts";
import { createLineSplitter, MAX_LINE_CHARACTERS } from "./line-splitter.ts";
import { ProgramNotStarted, runProgram, type ProgramEnd } from "./run-program.ts";

type Ran = { readonly end: ProgramEnd; readonly lines: string[] };

async function runShell(
  script: string,
  more: { readonly stdin?: string; readonly stopOn?: string; readonly grace?: Partial<Grace> } = {},
): Promise<Ran> {
  const stop = new AbortController();
  const lines: string[] = [];
  const end = await runProgram(
    {
      argv: ["/bin/sh", "-c", script],
      cwd: "/",
      env: { PATH: process.env["PATH"] ?? "" },
      stdin: more.stdin ?? "",
      onLine: (stream, line) => {
        lines.push(`${stream}: ${line}`);
        if (line === more.stopOn) stop.abort();
      },
    },
    {
      stop: stop.signal,
      grace: () => ({ interruptMs: 60_000, terminateMs: 60_000, ...more.grace }),
      timers: systemTimers,
    },
  );
  return { end, lines };
}

describe("running a program", () => {
  test("hands it its input and takes its lines and its exit code", async () => {
    const { end, lines } = await runShell("read word; echo got $word; echo bad >&2; exit 3", {
      stdin: "hello\n",
    });
    expect(end).toEqual({ exitCode: 3, signal: null });
    expect(lines.toSorted()).toEqual(["stderr: bad", "stdout: got hello"]);
  });

  test("does not mind a program that ignores its input", async () => {
    expect((await runShell("exit 0", { stdin: "x".repeat(1_000_000) })).end.exitCode).toBe(0);
  });

  test("gives it no variable that it was not given", async () => {
    const { lines } = await runShell("env");
    const names = lines.map((line) => line.replace(/^stdout: (\w+)=.*$/, "$1"));
    expect(names.toSorted()).toEqual(["BATON_SESSION_MARK", "PATH", "PWD"]);
  });

  test("says which program is not there", async () => {
    const program = {
      argv: ["/no/such/agent"] as const,
      cwd: "/",
      env: {},
      stdin: "",
      onLine: () => undefined,
    };
    const control = {
      stop: new AbortController().signal,
      grace: () => ({ interruptMs: 1, terminateMs: 1 }),
      timers: systemTimers,
    };
    await expect(runProgram(program, control)).rejects.toThrow(ProgramNotStarted);
  });
});

describe("stopping a program", () => {
  test("lets one that heeds the interrupt say its last word", async () => {
    const { end, lines } = await runShell(
      "trap 'echo last word; exit 5' INT; echo ready; while :; do sleep 0.05; done",
      { stopOn: "ready" },
    );
    expect(end).toEqual({ exitCode: 5, signal: null });
    expect(lines).toContain("stdout: last word");
  });

  test("goes on to terminate one that does not", async () => {
    const { end } = await runShell(
      "trap '' INT; trap 'exit 6' TERM; echo ready; while :; do sleep 0.05; done",
      {
        stopOn: "ready",
        grace: { interruptMs: 200 },
      },
    );
    expect(end).toEqual({ exitCode: 6, signal: null });
  });

  test("kills one that heeds nothing", async () => {
    const { end } = await runShell("trap '' INT TERM; echo ready; while :; do sleep 0.05; done", {
      stopOn: "ready",
      grace: { interruptMs: 100, terminateMs: 100 },
    });
    expect(end).toEqual({ exitCode: null, signal: "SIGKILL" });
  });

  test("reaches children in sessions of their own whose parent is gone", async () => {
    const { lines } = await runShell(
      `(setsid sh -c 'trap "" INT TERM; echo pid $$; echo ready; while :; do sleep 0.05; done' &); wait; sleep 60`,
      { stopOn: "ready", grace: { interruptMs: 100, terminateMs: 100 } },
    );
    const pid = Number(/pid (\d+)/.exec(lines.join("\n"))?.[1]);
    await waitFor(async () => expect(await findSessionProcesses(pid, "no mark")).toEqual([]));
  });
});

describe("splitting output into lines", () => {
  function split(...chunks: readonly (string | Buffer)[]): string[] {
    const lines: string[] = [];
    const splitter = createLineSplitter((line) => lines.push(line));
    for (const chunk of chunks) splitter.write(Buffer.from(chunk as string));
    splitter.end();
    return lines;
  }

  test("puts together what came in pieces, characters too", () => {
    const bytes = Buffer.from("grüß\ndich");
    expect(split(bytes.subarray(0, 3), bytes.subarray(3))).toEqual(["grüß", "dich"]);
  });

  test("takes Windows line ends, empty lines and bytes that are no text", () => {
    expect(split("a\r\n\nb")).toEqual(["a", "", "b"]);
    expect(split(Buffer.from([0xff, 0x0a]))).toEqual(["\uFFFD"]);
  });

  test("hands on a line without end in pieces", () => {
    const lines = split("x".repeat(MAX_LINE_CHARACTERS * 2 + 5));
    expect(lines.map((line) => line.length)).toEqual([MAX_LINE_CHARACTERS, MAX_LINE_CHARACTERS, 5]);
  });
});
