import { writeFile } from "node:fs/promises";
import { err, ok, type Result } from "../../base/result.ts";
import type { Briefing, Resume } from "../../contract/briefing.ts";
import type { Snapshot } from "../../contract/snapshot.ts";
import { startCommit } from "../briefing/start-commit.ts";
import { unpackBundle } from "../git/bundle.ts";
import { START_REF } from "../git/prepare-work-tree.ts";
import { gitOutput } from "../git/run-git.ts";
import type { AttemptClient } from "../reporting/attempt-client.ts";
import type { SessionLog } from "../reporting/session-log.ts";
import type { Workspace } from "../workspace.ts";
import { unpackSnapshot } from "./pack-snapshot.ts";
import { writeTranscriptFiles } from "./transcript-files.ts";
import { TRANSCRIPTS } from "./transcripts.ts";

/**
 * Lays out what a lost attempt had done, work and session; null where it cannot be used, which costs its work and
 * nothing else.
 */
export async function restoreSnapshot(given: {
  readonly client: Pick<AttemptClient, "downloadSnapshot">;
  readonly token: string;
  /** Whose snapshot it is. */
  readonly attempt: string;
  readonly briefing: Briefing;
  readonly workspace: Workspace;
  readonly log: SessionLog;
}): Promise<Resume | null> {
  const restored = await tryToRestore(given);
  const { attempt, log } = given;
  if (restored.ok) {
    const how = restored.value.sessionId === null ? "from what it did" : "in its session";
    const text = `Attempt ${attempt} was interrupted: this one goes on ${how}.`;
    log.emit({ type: "notice", level: "info", text });
    return restored.value;
  }
  const text = `What attempt ${attempt} had done is not used: ${restored.error}`;
  log.emit({ type: "notice", level: "warning", text });
  return null;
}

async function tryToRestore(given: Parameters<typeof restoreSnapshot>[0]): Promise<Result<Resume, string>> {
  const { client, token, briefing, workspace } = given;
  try {
    const downloaded = await client.downloadSnapshot(token);
    if (!downloaded.ok) return err(downloaded.error.message);
    const snapshot = await unpackSnapshot(downloaded.value);
    if (!snapshot.ok) return snapshot;
    const work = await restoreWork(snapshot.value, briefing, workspace);
    if (!work.ok) return work;
    return ok(await restoreSession(snapshot.value.session, briefing, workspace));
  } catch (cause) {
    return err(cause instanceof Error ? cause.message : String(cause));
  }
}

async function restoreWork(
  { startSha, bundle }: Snapshot,
  briefing: Briefing,
  { place, workTree, snapshotFile }: Workspace,
): Promise<Result<null, string>> {
  if (startSha !== startCommit(briefing)) return err("The branch has moved since.");
  if (bundle === null) return ok(null);
  await writeFile(snapshotFile, Buffer.from(bundle, "base64"));
  const head = await unpackBundle(place, snapshotFile, startSha);
  if (!head.ok) return head;
  // What both commits have in common is not touched: agent configuration stays as the base branch has it.
  await gitOutput(place, ["read-tree", "-m", "-u", START_REF, head.value], { workTree });
  return ok(null);
}

async function restoreSession(
  { harness, id, transcript, summary }: Snapshot["session"],
  briefing: Briefing,
  place: Workspace,
): Promise<Resume> {
  const own = harness === briefing.harness.name ? TRANSCRIPTS[harness] : undefined;
  if (own === undefined || id === null || transcript === null) return { harness, sessionId: null, summary };
  await writeTranscriptFiles(own.place(place, id), transcript);
  return { harness, sessionId: id, summary };
}
