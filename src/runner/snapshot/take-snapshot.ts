import type { Briefing } from "../../contract/briefing.ts";
import { MAX_SNAPSHOT_BYTES, type Snapshot } from "../../contract/snapshot.ts";
import { startCommit } from "../briefing/start-commit.ts";
import { createBundle } from "../git/bundle.ts";
import { commitWorkTree } from "../git/commit-work-tree.ts";
import { gitText } from "../git/run-git.ts";
import type { Workspace } from "../workspace.ts";
import type { SessionNotes } from "./session-notes.ts";
import { readTranscriptFiles } from "./transcript-files.ts";
import { TRANSCRIPTS } from "./transcripts.ts";

type Work = { readonly tree: string; readonly bundle: Buffer };

export type TakenSnapshot = {
  readonly snapshot: Snapshot;
  /** The same for two snapshots between which nothing was done. */
  readonly likeness: string;
};

/** What the attempt has done so far, work and session. The agent goes on meanwhile. */
export async function takeSnapshot(given: {
  readonly briefing: Briefing;
  readonly workspace: Workspace;
  readonly notes: SessionNotes;
  readonly at: Date;
}): Promise<TakenSnapshot> {
  const { briefing, workspace, notes, at } = given;
  const work = await takeWork(briefing, workspace, at);
  const harness = briefing.harness.name;
  const id = notes.sessionId();
  const transcript = id === null ? null : await readTranscript(harness, workspace, id);
  const summary = notes.summary();
  return {
    snapshot: {
      version: 1,
      startSha: startCommit(briefing),
      takenAt: at.toISOString(),
      bundle: work?.bundle.toString("base64") ?? null,
      session: { harness, id, transcript, summary },
    },
    likeness: JSON.stringify([work?.tree ?? null, id, sizesOf(transcript), summary]),
  };
}

function sizesOf(transcript: Snapshot["session"]["transcript"]): readonly number[] | null {
  return transcript?.map(({ content }) => content.length) ?? null;
}

/** Null where there is nothing, or nothing that could be handed over. */
async function takeWork(
  { stage, attempt }: Briefing,
  { place, workTree, snapshotFile }: Workspace,
  at: Date,
): Promise<Work | null> {
  if (stage !== "test" && stage !== "implement") return null;
  const work = await commitWorkTree(place, { workTree, message: `${stage}: so far of ${attempt}`, at });
  if (!work.ok || work.value.headSha === null) return null;
  const bundle = await createBundle(place, snapshotFile, MAX_SNAPSHOT_BYTES);
  if (!bundle.ok) return null;
  return {
    tree: await gitText(place, ["rev-parse", `${work.value.headSha}^{tree}`]),
    bundle: bundle.value,
  };
}

async function readTranscript(
  harness: Briefing["harness"]["name"],
  machine: Workspace,
  sessionId: string,
): Promise<Snapshot["session"]["transcript"]> {
  const place = (await TRANSCRIPTS[harness]?.find(machine, sessionId)) ?? null;
  return place === null ? null : readTranscriptFiles(place);
}
