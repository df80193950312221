import { z } from "zod";
import { ProgramNotStarted, type ProgramEnd } from "../process/run-program.ts";
import { readAgentResult } from "./agent-result.ts";
import type { FailedSession, HarnessOutcome, HarnessSession } from "./harness.ts";
import { limitLines } from "./limit-lines.ts";
import { endOfFailed, endOfResult } from "./session-end.ts";

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
  session.started({ harnessVersion: null, sessionId: null });
  const settings = CommandSettings.safeParse(session.briefing.harness.settings);
  if (!settings.success) {
    const why = settings.error.issues[0]?.message ?? "unknown";
    return notStarted(`The harness "command" is not set up: ${why}.`);
  }
  const [program, ...args] = settings.data.run;
  const end = await runToEnd(session, [program ?? "", ...args]);
  if (end instanceof ProgramNotStarted) return notStarted(end.message);
  const result = await readAgentResult(session.resultFile);
  if (end.exitCode === 0 && result?.ok === true) {
    return { kind: "result", result: result.value, ...endOfResult(result.value), ...end };
  }
  const failure = describeFailure(end, result);
  return {
    ...failure,
    ...endOfFailed(failure.summary, { isTruncated: result === null }),
    usage: result?.ok === true ? (result.value.usage ?? null) : null,
    ...end,
  };
}

function describeFailure(
  end: ProgramEnd,
  result: Awaited<ReturnType<typeof readAgentResult>>,
): FailedSession {
  if (end.exitCode !== 0) {
    const said = result?.ok === true ? ` It said: ${firstLine(result.value.summary)}` : "";
    return { kind: "failed", failure: "agent", summary: `The agent ${describeEnd(end)}.${said}` };
  }
  const summary =
    result?.ok === false ? result.error : "The agent ended without writing its result to $BATON_RESULT.";
  return { kind: "failed", failure: "report", summary };
}

async function runToEnd(
  session: HarnessSession,
  argv: readonly [string, ...string[]],
): Promise<ProgramEnd | ProgramNotStarted> {
  const onLine = cappedOutput(session);
  try {
    return await session.run({ argv, stdin: `${JSON.stringify(session.briefing)}\n`, onLine });
  } catch (cause) {
    if (cause instanceof ProgramNotStarted) return cause;
    throw cause;
  }
}

function cappedOutput(session: HarnessSession): (stream: "stdout" | "stderr", line: string) => void {
  const show = limitLines(MAX_OUTPUT_CHARACTERS, {
    onLine: (line: string, stream: "stdout" | "stderr") => {
      session.emit({ type: "notice", level: stream === "stderr" ? "warning" : "info", text: line });
    },
    onFull: () => {
      const text = `Output past ${MAX_OUTPUT_CHARACTERS} characters is not shown.`;
      session.emit({ type: "notice", level: "warning", text });
    },
  });
  return (stream, line) => {
    show(line, stream);
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
  return { kind: "failed", failure: "agent", summary, ...endOfFailed(summary, { class: "config" }) };
}
