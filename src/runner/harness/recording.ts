import { lstat, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { err, ok, type Result } from "../../base/result.ts";
import type { HarnessOutcome, HarnessSession } from "./harness.ts";
import { parseRecording, type RecordedSession, type RecordedStep } from "./recording-file.ts";
import { endOfFailed, endOfResult } from "./session-end.ts";

const RecordingSettings = z.object({
  file: z.string().min(1),
  speed: z.number().positive().max(1_000).optional(),
});

/** What a command of a recording prints is shown up to this many characters. */
const MAX_COMMAND_OUTPUT_CHARACTERS = 8_000;

/**
 * Plays a session that was recorded as data: its events at their pace, its edits and its shell commands for real. The
 * recording is read from the base branch, so that no attempt can change what the next one does.
 */
export async function runRecordingHarness(session: HarnessSession): Promise<HarnessOutcome> {
  session.started({ harnessVersion: null, sessionId: null });
  const recorded = await findSession(session);
  if (!recorded.ok) return failed(recorded.error);
  const { steps, result } = recorded.value.session;
  for (const [index, step] of steps.entries()) {
    try {
      await session.timers.sleep(step.afterMs / recorded.value.speed, session.stop);
    } catch {
      return failed("The recording was stopped.");
    }
    const problem = await playStep(session, step, `step-${index + 1}`);
    if (problem !== null) return failed(problem);
  }
  if ("failed" in result) return failed(result.failed);
  return { kind: "result", result, ...endOfResult(result), exitCode: 0 };
}

async function findSession(
  session: HarnessSession,
): Promise<Result<{ session: RecordedSession; speed: number }, string>> {
  const settings = RecordingSettings.safeParse(session.briefing.harness.settings);
  if (!settings.success)
    return err('The harness "recording" is not set up: it needs the path of its "file".');
  const { file } = settings.data;
  const text = await session.readBaseFile(file);
  if (text === null) return err(`The recording ${file} is not on the base branch.`);
  const recording = parseRecording(text);
  if (!recording.ok) return err(`The recording ${file} is not valid: ${recording.error}.`);
  const { stage, attemptNumber } = session.briefing;
  // What a person asks for again, or what a lost runner took along, was in no recording: the last session serves.
  const [found] = recording.value.sessions
    .filter((candidate) => candidate.stage === stage && candidate.attempt <= attemptNumber)
    .toSorted((one, other) => other.attempt - one.attempt);
  if (found === undefined) {
    return err(`The recording ${file} has no session for the stage ${stage}, attempt ${attemptNumber}.`);
  }
  return ok({ session: found, speed: settings.data.speed ?? recording.value.speed });
}

/** Null when the step did what it should, else why not. */
async function playStep(session: HarnessSession, step: RecordedStep, id: string): Promise<string | null> {
  if ("event" in step) {
    session.emit(step.event);
    return null;
  }
  if ("run" in step) return runCommand(session, step.run, id);
  const [name, path] =
    "write" in step ? (["write", step.write.path] as const) : (["delete", step.delete.path] as const);
  session.emit({
    type: "tool_call",
    id,
    name,
    kind: name === "write" ? "edit" : "delete",
    title: `${name} ${path}`,
    input: null,
    locations: [path],
  });
  const problem = await leadsThroughSymlink(session.workTree, path);
  const target = join(session.workTree, path);
  if (problem === null && "write" in step) {
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { recursive: true, force: true });
    await writeFile(target, step.write.content);
  } else if (problem === null) {
    await rm(target, { recursive: true, force: true });
  }
  const status = problem === null ? "completed" : "denied";
  session.emit({ type: "tool_result", id, status, output: problem ?? "", exitCode: null, diff: null });
  return problem;
}

/** A directory of the path that is a symlink may lead out of the work tree. */
async function leadsThroughSymlink(workTree: string, path: string): Promise<string | null> {
  const parents = path.split("/").slice(0, -1);
  for (let depth = 1; depth <= parents.length; depth++) {
    const parent = parents.slice(0, depth).join("/");
    const stats = await lstat(join(workTree, parent)).catch(() => null);
    if (stats !== null && !stats.isDirectory())
      return `The path ${path} leads through ${parent}, which is no directory.`;
  }
  return null;
}

async function runCommand(
  session: HarnessSession,
  run: { readonly command: string; readonly mayFail: boolean },
  id: string,
): Promise<string | null> {
  session.emit({
    type: "tool_call",
    id,
    name: "shell",
    kind: "execute",
    title: run.command,
    input: { command: run.command },
    locations: [],
  });
  let output = "";
  const end = await session.run({
    argv: ["/bin/sh", "-c", run.command],
    stdin: "",
    onLine: (_stream, line) => {
      if (output.length < MAX_COMMAND_OUTPUT_CHARACTERS) output += `${line}\n`;
    },
  });
  const succeeded = end.exitCode === 0;
  const status = succeeded ? "completed" : "failed";
  session.emit({
    type: "tool_result",
    id,
    status,
    output: output.trimEnd(),
    exitCode: end.exitCode,
    diff: null,
  });
  if (succeeded || (run.mayFail && !session.stop.aborted)) return null;
  return `The command "${run.command}" failed (${end.exitCode ?? end.signal ?? "unknown"}).`;
}

function failed(summary: string): HarnessOutcome {
  return { kind: "failed", failure: "agent", summary, ...endOfFailed(summary) };
}
