import { storableJson } from "../../core/canonical-json.ts";
import type { Effect } from "../../core/task/effect.ts";
import type { Task } from "../../core/task/state.ts";
import type { Commit, Settled } from "../../ports/task-store.ts";
import { canonicalEntry } from "./chain-entries.ts";
import { instant } from "./instant.ts";
import { type TaskLookups, taskLookups } from "./task-lookups.ts";

/** A commit as it waits for its batch: all that can fail for its own content has been done. */
export type CommitItem = {
  readonly commit: Commit;
  readonly settled: Settled;
  readonly newVersion: number;
  readonly lookups: TaskLookups;
  /** A run that the task may not be known by yet. */
  readonly newRunId: number | null;
  /** The state after the events as text; null where it is not kept. */
  readonly projection: string | null;
  /** The entry's text. */
  readonly canonical: string;
  /** Whether folding the events as they are stored may give another task than the commit's, with half characters mended. */
  readonly mayBeMended: boolean;
  readonly effects: readonly EffectRow[];
  /** Size of the texts, in characters. */
  readonly weight: number;
};

type EffectRow = {
  readonly kind: string;
  readonly payload: string;
  /** In milliseconds since 1970. */
  readonly dueAt: number;
};

/** A task's state is kept each time that it has so many more entries, so that fewer than these are ever folded. */
const ENTRIES_BETWEEN = 16;

/**
 * Throws for a commit that no state of the store could take: these are bugs of the caller.
 * @param before the state at the expected version, where it is known.
 */
export function commitItem(commit: Commit, settled: Settled, before: Task | null): CommitItem {
  const { task, expectedVersion, events, after } = commit;
  if (after.id !== task) throw new Error(`The commit for task ${task} holds the state of task ${after.id}.`);
  if (events.length === 0) throw new Error(`The commit for task ${task} has no event.`);
  const newVersion = expectedVersion + 1;
  const projection = newVersion % ENTRIES_BETWEEN === 0 ? storableJson(after) : null;
  const canonical = canonicalEntry(task, newVersion, commit);
  const effects = effectRows(commit);
  const lookups = taskLookups(after);
  return {
    commit,
    settled,
    newVersion,
    lookups,
    newRunId: before !== null && taskLookups(before).runId === lookups.runId ? null : lookups.runId,
    projection,
    canonical,
    mayBeMended: canonical.includes("\ufffd"),
    effects,
    weight: effects.reduce(
      (sum, { payload }) => sum + payload.length,
      (projection ?? "").length + canonical.length,
    ),
  };
}

function effectRows({ effects, meta }: Commit): readonly EffectRow[] {
  return effects.map((effect) => ({
    kind: effect.kind,
    payload: storableJson(effect),
    dueAt: instant(notBefore(effect) ?? meta.at),
  }));
}

function notBefore(effect: Effect): string | null {
  return "notBefore" in effect ? effect.notBefore : null;
}
