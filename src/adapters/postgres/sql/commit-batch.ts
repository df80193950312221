import type { TaskId } from "../../../base/ids.ts";
import type { CommitItem } from "../commit-item.ts";
import { placeOfEffect } from "../effect-id.ts";
import { instant } from "../instant.ts";
import { bigintArray, byteaArray, type Parameter, textArray, timestampArray } from "../parameter.ts";
import type { SqlSession, Statement } from "../sql-client.ts";
import { storableText } from "../storable-text.ts";

/** A commit whose entry stands in the task's chain: all that is stored of it. */
export type ChainedCommit = {
  readonly item: CommitItem;
  /** Hash (hex) of the entry before this one. */
  readonly previousHash: string;
  /** Hash (hex) of the task's last entry, once this one is stored. */
  readonly headHash: string;
};

export type Refusal = "conflict" | "already-settled" | "unknown-cause";

/** How other servers learn that there is work: the channel, and who sends, so that the sender does not wake itself. */
export type Notice = { readonly channel: string; readonly sender: string };

/** How many parameters the function `commit_batch` has, which says what they are: see migration 012. */
const PARAMETERS = 31;

const commitBatch: Statement = {
  name: "commit_batch",
  text: `SELECT commit_batch(${Array.from({ length: PARAMETERS }, (_, index) => `$${index + 1}`).join(", ")}) AS refusals`,
};

/**
 * Stores the batch, which is in the order of the tasks and has none twice. Returns what refused any, by its task; `notice`
 * is null where no other process can be waiting.
 */
export async function writeCommitBatch(
  session: SqlSession,
  commits: readonly ChainedCommit[],
  notice: Notice | null,
): Promise<ReadonlyMap<TaskId, Refusal>> {
  const items = commits.map(({ item }) => item);
  const [row] = await session.query<{ refusals: Record<TaskId, Refusal> | null }>(commitBatch, [
    ...commitColumns(commits),
    ...newEffectColumns(items),
    notice?.channel ?? null,
    notice?.sender ?? null,
    ...causeColumns(items),
    ...openingColumns(items),
    ...runColumns(items),
    stateColumn(items),
  ]);
  if (!row) throw new Error("The database gave no answer to a batch of commits.");
  return new Map(Object.entries(row.refusals ?? {}) as [TaskId, Refusal][]);
}

function commitColumns(commits: readonly ChainedCommit[]): readonly Parameter[] {
  return [
    textArray(commits.map(({ item }) => item.commit.task)),
    bigintArray(commits.map(({ item }) => item.commit.after.tenant)),
    bigintArray(commits.map(({ item }) => item.commit.expectedVersion)),
    hashArray(commits.map(({ previousHash }) => previousHash)),
    hashArray(commits.map(({ headHash }) => headHash)),
    textArray(commits.map(({ item }) => item.canonical)),
    textArray(commits.map(({ item }) => item.lookups.status)),
    textArray(commits.map(({ item }) => item.commit.after.branch)),
    bigintArray(commits.map(({ item }) => item.lookups.pullNumber)),
  ];
}

function newEffectColumns(items: readonly CommitItem[]): readonly Parameter[] {
  const rows = items.flatMap(({ effects }, index) =>
    effects.map((effect, ordinal) => ({ commit: index + 1, ordinal, ...effect })),
  );
  return unlessNone(rows.length > 0, 5, () => [
    bigintArray(rows.map(({ commit }) => commit)),
    bigintArray(rows.map(({ ordinal }) => ordinal)),
    textArray(rows.map(({ kind }) => kind)),
    textArray(rows.map(({ payload }) => payload)),
    timestampArray(rows.map(({ dueAt }) => dueAt)),
  ]);
}

function causeColumns(items: readonly CommitItem[]): readonly Parameter[] {
  const causes = items.map(({ settled }) => settled);
  const deliveries = causes.map((cause) => (cause.kind === "delivery" ? cause.id : null));
  const effects = causes.map((cause) => (cause.kind === "effect" ? placeOfEffect(cause.id) : null));
  const outcomes = causes.map((cause) => (cause.kind === "none" ? null : storableText(cause.outcome)));
  return [
    ...unlessNone(isAny(deliveries), 1, () => [textArray(deliveries)]),
    ...unlessNone(isAny(effects), 3, () => [
      textArray(effects.map((effect) => effect?.task ?? null)),
      bigintArray(effects.map((effect) => effect?.version ?? null)),
      bigintArray(effects.map((effect) => effect?.ordinal ?? null)),
    ]),
    ...unlessNone(isAny(outcomes), 1, () => [textArray(outcomes)]),
  ];
}

/** What only a new task's row needs. */
function openingColumns(items: readonly CommitItem[]): readonly Parameter[] {
  const tasks = items.map(({ commit }) => commit.after);
  const isOpening = items.some(({ commit }) => commit.expectedVersion === 0);
  return unlessNone(isOpening, 7, () => [
    bigintArray(tasks.map((task) => task.repository.id)),
    textArray(tasks.map((task) => task.repository.owner)),
    textArray(tasks.map((task) => task.repository.name)),
    textArray(tasks.map((task) => task.repository.defaultBranch)),
    bigintArray(tasks.map((task) => task.issue.number)),
    bigintArray(items.map(({ lookups }) => lookups.generation)),
    timestampArray(tasks.map(({ openedAt }) => instant(openedAt))),
  ]);
}

function runColumns(items: readonly CommitItem[]): readonly Parameter[] {
  const runs = items.map(({ newRunId }) => newRunId);
  return unlessNone(isAny(runs), 2, () => [
    bigintArray(items.map(({ commit }) => commit.after.repository.id)),
    bigintArray(runs),
  ]);
}

function stateColumn(items: readonly CommitItem[]): Parameter {
  const states = items.map(({ projection }) => projection);
  return isAny(states) ? textArray(states) : null;
}

function isAny(values: readonly unknown[]): boolean {
  return values.some((value) => value !== null);
}

/** What no commit of the batch has costs the database nothing but a look. */
function unlessNone(
  isThere: boolean,
  count: number,
  columns: () => readonly Parameter[],
): readonly Parameter[] {
  return isThere ? columns() : Array.from({ length: count }, () => null);
}

/** Hashes in hex as a `bytea[]`. */
function hashArray(hashes: readonly string[]): Parameter {
  return byteaArray(hashes.map((hash) => Buffer.from(hash, "hex")));
}
