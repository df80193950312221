import { z } from "zod";
import { ProgramNotStarted, runProgram, type ProgramEnd } from "../process/run-program.ts";
import { readAgentResult } from "./agent-result.ts";
import type { FailedSession, HarnessOutcome, HarnessSession } from "./harness.ts";

const CommandSettings = z.object({
  run: z.array(z.string()).min(1, 'the list "run" must name a program').readonly(),
});

/** Output past this is read and dropped: a program that prints without end must not fill the run's log. */
const MAX_OUTPUT_CHARACTERS = 4 * 1024 * 1024;

/**
 * Any program: the briefing comes as JSON on its standard input, what it prints is shown as the session's notices, and
 * it answers by its exit code and the file at `$BATON_RESULT`.
 */
export async function runCommandHarness(session: HarnessSession): Promise<HarnessOutcome> {
  const settings = CommandSettings.safeParse(session.briefing.harness.settings);
  if (!settings.success) {
    const why = settings.error.issues[0]?.message ?? "unknown";
    return notStarted(`The harness "command" is not set up: ${why}.`);
  }
  const [program, ...args] = settings.data.run;
  const end = await runToEnd(session, [program ?? "", ...args]);
  if (end instanceof ProgramNotStarted) return notStarted(end.message);
  const result = await readAgentResult(session.resultFile);
  if (end.exitCode === 0 && result?.ok === true) return { kind: "result", result: result.value, ...end };
  return { ...describeFailure(end, result), errorClass: "unknown", isTruncated: result === null, ...end };
}

function describeFailure(
  end: ProgramEnd,
  result: Awaited<ReturnType<typeof readAgentResult>>,
): Pick<FailedSession, "kind" | "failure" | "summary" | "usage"> {
  if (end.exitCode !== 0) {
    const given = result?.ok === true ? result.value : null;
    const said = given === null ? "" : ` It said: ${firstLine(given.summary)}`;
    const summary = `The agent ${describeEnd(end)}.${said}`;
    return { kind: "failed", failure: "agent", summary, usage: given?.usage ?? null };
  }
  const summary =
    result?.ok === false ? result.error : "The agent ended without writing its result to $BATON_RESULT.";
  return { kind: "failed", failure: "report", summary, usage: null };
}

async function runToEnd(
  session: HarnessSession,
  argv: readonly [string, ...string[]],
): Promise<ProgramEnd | ProgramNotStarted> {
  const onLine = cappedOutput(session);
  try {
    return await runProgram(
      {
        argv,
        cwd: session.workTree,
        env: session.env,
        stdin: `${JSON.stringify(session.briefing)}\n`,
        onLine,
      },
      session,
    );
  } catch (cause) {
    if (cause instanceof ProgramNotStarted) return cause;
    throw cause;
  }
}

function cappedOutput(session: HarnessSession): (stream: "stdout" | "stderr", line: string) => void {
  let characters = 0;
  let full = false;
  return (stream, line) => {
    if (full) return;
    characters += line.length + 1;
    full = characters > MAX_OUTPUT_CHARACTERS;
    const text = full ? `Output past ${MAX_OUTPUT_CHARACTERS} characters is not shown.` : line;
    const level = full || stream === "stderr" ? "warning" : "info";
    session.emit({ type: "notice", level, text });
  };
}

function describeEnd(end: ProgramEnd): string {
  return end.exitCode === null
    ? `was ended by ${end.signal ?? "a signal"}`
    : `ended with code ${end.exitCode}`;
}

function firstLine(text: string): string {
  const line = text.split("\n")[0] ?? "";
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}

function notStarted(summary: string): HarnessOutcome {
  const failed = { kind: "failed", failure: "agent", errorClass: "config", isTruncated: false } as const;
  return { ...failed, summary, usage: null, exitCode: null, signal: null };
}
