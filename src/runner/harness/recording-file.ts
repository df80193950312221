import { z } from "zod";
import { err, ok, type Result } from "../../base/result.ts";
import { StageName } from "../../contract/briefing.ts";
import { SessionEvent } from "../../contract/session-event.ts";
import { AgentResult } from "./agent-result.ts";

const MAX_RECORDING_CHARACTERS = 4 * 1024 * 1024;

const afterMs = z.number().int().min(0).max(600_000).default(0);

/** A path of the repository: relative, without `.`, `..` or git's own directory, so that no step leaves the work tree. */
const RepositoryPath = z
  .string()
  .min(1)
  .max(500)
  .refine(isInside, "must be a path inside the repository, with / between its parts");

/** What a session shows while it plays; its beginning and end are real and not recorded. */
const RecordedEvent = SessionEvent.refine(
  (event) => event.type !== "run.started" && event.type !== "run.finished",
  "the beginning and the end of a session are not recorded",
);

const RecordedStep = z.union([
  z.strictObject({ afterMs, event: RecordedEvent }),
  z.strictObject({ afterMs, write: z.strictObject({ path: RepositoryPath, content: z.string() }) }),
  z.strictObject({ afterMs, delete: z.strictObject({ path: RepositoryPath }) }),
  /** A shell command that is really run in the work tree; unless it may fail, its failure ends the session. */
  z.strictObject({
    afterMs,
    run: z.strictObject({ command: z.string().min(1), mayFail: z.boolean().default(false) }),
  }),
]);
export type RecordedStep = z.infer<typeof RecordedStep>;

const RecordedSession = z.strictObject({
  stage: StageName.exclude(["verify"]),
  /** Which try of the stage it plays, from 1, and every later one until another session takes over. */
  attempt: z.number().int().min(1),
  steps: z.array(RecordedStep).max(1_000),
  result: z.union([AgentResult, z.strictObject({ failed: z.string().min(1).max(1_000) })]),
});
export type RecordedSession = z.infer<typeof RecordedSession>;

/** Agent sessions as data: what each stage's attempt shows, changes and gives back. */
export const RecordingFile = z
  .strictObject({
    version: z.literal(1),
    /** How many times faster than recorded it plays. */
    speed: z.number().positive().max(1_000).default(1),
    sessions: z.array(RecordedSession).min(1).max(200),
  })
  .superRefine((file, context) => {
    const seen = new Set<string>();
    file.sessions.forEach(({ stage, attempt }, index) => {
      const key = `${stage} ${attempt}`;
      if (seen.has(key)) {
        context.addIssue({
          code: "custom",
          path: ["sessions", index],
          message: `there are two sessions for ${stage}, attempt ${attempt}`,
        });
      }
      seen.add(key);
    });
  });
export type RecordingFile = z.infer<typeof RecordingFile>;

/** Reads a recording; the problem is one sentence that names the place. */
export function parseRecording(text: string): Result<RecordingFile, string> {
  if (text.length > MAX_RECORDING_CHARACTERS) {
    return err(`it has ${text.length} characters, and at most ${MAX_RECORDING_CHARACTERS} are read`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    return err(`it is not JSON (${cause instanceof Error ? cause.message : "unknown"})`);
  }
  const parsed = RecordingFile.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return err(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unknown"}`);
}

function isInside(path: string): boolean {
  return (
    !path.includes("\\") &&
    !path.includes("\0") &&
    path
      .split("/")
      .every((part) => part !== "" && part !== "." && part !== ".." && part.toLowerCase() !== ".git")
  );
}
