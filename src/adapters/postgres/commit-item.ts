import { randomUUID } from "node:crypto";
import type { EffectId } from "../../base/ids.ts";
import type { Effect } from "../../core/task/effect.ts";
import type { Commit, Settled } from "../../ports/task-store.ts";
import type { CanonicalEvent } from "./chain-events.ts";
import { canonicalEvents } from "./chain-events.ts";
import { storableJson } from "../../core/canonical-json.ts";

/** A commit as it waits for its batch: all that can fail for its own content has been done. */
export type CommitItem = {
  readonly commit: Commit;
  readonly settled: Settled;
  /** The state after the events as text; null where it is not kept. */
  readonly projection: string | null;
  /** Whether folding the events as they are stored may give another task than the commit's, with half characters mended. */
  readonly mayBeMended: boolean;
  readonly events: readonly CanonicalEvent[];
  readonly effects: readonly EffectRow[];
  /** Size of the texts, in characters. */
  readonly weight: number;
};

type EffectRow = {
  readonly id: EffectId;
  readonly kind: string;
  readonly payload: string;
  readonly dueAt: string;
};

/** A task's state is kept each time that it has so many more events, so that fewer than these are ever folded. */
const EVENTS_BETWEEN = 16;

/** Before any time that a clock shows: for an effect whose commit carries no time because nothing happened. */
const DUE_SINCE_EVER = "1970-01-01T00:00:00.000Z";

/** Throws for a commit that no state of the store could take: these are bugs of the caller. */
export function commitItem(commit: Commit, settled: Settled): CommitItem {
  if (commit.after.id !== commit.task) {
    throw new Error(`The commit for task ${commit.task} holds the state of task ${commit.after.id}.`);
  }
  if (commit.expectedVersion === 0 && commit.events.length === 0) {
    throw new Error(`Task ${commit.task} cannot begin without an event.`);
  }
  const projection = keepsState(commit) ? storableJson(commit.after) : null;
  const events = canonicalEvents(commit.task, commit.expectedVersion, commit.events);
  const effects = effectRows(commit, settled);
  const texts = [
    projection ?? "",
    ...events.map((event) => event.canonical),
    ...effects.map((row) => row.payload),
  ];
  return {
    commit,
    settled,
    projection,
    mayBeMended: events.some(({ canonical }) => canonical.includes("\ufffd")),
    events,
    effects,
    weight: texts.reduce((sum, text) => sum + text.length, 0),
  };
}

function keepsState({ expectedVersion, events }: Commit): boolean {
  const periods = (version: number): number => Math.floor(version / EVENTS_BETWEEN);
  return periods(expectedVersion + events.length) > periods(expectedVersion);
}

/**
 * Ids are `<task>/<version>/<ordinal>`. A commit without events leaves the version as it is, so what it settles stands
 * in the id as well: otherwise its effects would pass for those of the commit that made the version.
 */
function effectRows(commit: Commit, settled: Settled): readonly EffectRow[] {
  const version = `${commit.task}/${commit.expectedVersion + commit.events.length}`;
  const prefix = commit.events.length > 0 ? version : `${version}/${causeOf(settled)}`;
  const now = commit.events.at(-1)?.meta.at ?? DUE_SINCE_EVER;
  return commit.effects.map((effect, ordinal) => ({
    id: `${prefix}/${ordinal}` as EffectId,
    kind: effect.kind,
    payload: storableJson(effect),
    dueAt: notBefore(effect) ?? now,
  }));
}

function causeOf(settled: Settled): string {
  return settled.kind === "none" ? randomUUID() : settled.id;
}

function notBefore(effect: Effect): string | null {
  return "notBefore" in effect ? effect.notBefore : null;
}
