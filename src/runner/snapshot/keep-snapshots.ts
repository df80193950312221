import type { Briefing } from "../../contract/briefing.ts";
import type { AttemptClient } from "../reporting/attempt-client.ts";
import type { SessionLog } from "../reporting/session-log.ts";
import type { Timers } from "../timers.ts";
import type { Workspace } from "../workspace.ts";
import { packSnapshot } from "./pack-snapshot.ts";
import type { SessionNotes } from "./session-notes.ts";
import { takeSnapshot } from "./take-snapshot.ts";

/** A snapshot costs more than a sign of life, and losing so much work less than a lease. */
const HEARTBEATS_PER_SNAPSHOT = 2;

export type SnapshotKeeper = {
  /** Ends the snapshots; none is under way afterwards. */
  readonly finish: () => Promise<void>;
  /** Keeps what there is now, if it is more than the last one had. */
  readonly keep: () => Promise<void>;
};

type Kept = {
  readonly client: Pick<AttemptClient, "uploadSnapshot">;
  readonly token: string;
  readonly briefing: Briefing;
  readonly workspace: Workspace;
  readonly notes: SessionNotes;
  readonly log: SessionLog;
  readonly timers: Timers;
};

/**
 * Sends what the attempt has done so far to the server, from time to time and when something was done: should this
 * runner be lost, another one goes on from there. That it cannot be sent keeps nobody from working.
 */
export function keepSnapshots(kept: Kept): SnapshotKeeper {
  const finishing = new AbortController();
  const state = { likeness: "", hasComplained: false };
  const keeping = keepUntil(finishing.signal, kept, state);
  return {
    finish: async () => {
      finishing.abort();
      await keeping;
    },
    keep: () => keepOnce(kept, state),
  };
}

type State = { likeness: string; hasComplained: boolean };

async function keepUntil(finishing: AbortSignal, kept: Kept, state: State): Promise<void> {
  const intervalMs = kept.briefing.heartbeatMs * HEARTBEATS_PER_SNAPSHOT;
  for (;;) {
    await kept.timers.sleep(intervalMs, finishing).catch(() => undefined);
    if (finishing.aborted) return;
    await keepOnce(kept, state);
  }
}

async function keepOnce(kept: Kept, state: State): Promise<void> {
  try {
    const { snapshot, likeness } = await takeSnapshot({ ...kept, at: kept.timers.now() });
    const isEmpty = snapshot.bundle === null && snapshot.session.summary === "";
    if (isEmpty || likeness === state.likeness) return;
    const packed = await packSnapshot(snapshot);
    if (packed === null) throw new Error("What was done so far is too large for a snapshot.");
    const uploaded = await kept.client.uploadSnapshot(kept.token, packed);
    if (uploaded.ok) state.likeness = likeness;
  } catch (cause) {
    if (state.hasComplained) return;
    state.hasComplained = true;
    const why = cause instanceof Error ? cause.message : String(cause);
    const text = `No snapshot could be kept, so a lost runner would take this work along: ${why}`;
    kept.log.emit({ type: "notice", level: "warning", text });
  }
}
