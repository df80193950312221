import type { TaskId } from "../../../base/ids.ts";
import type { CommitItem } from "../commit-item.ts";
import { instant } from "../instant.ts";
import {
  bigintArray,
  type BinaryParameter,
  byteaArray,
  type Parameter,
  textArray,
  timestampArray,
} from "../parameter.ts";
import type { SqlSession } from "../sql-client.ts";
import { storableText } from "../storable-text.ts";
import { commitStatement, type CommitParts } from "./commit-statement.ts";

/** A commit whose entry stands in the task's chain: all that the statement stores of it. */
export type ChainedCommit = {
  readonly item: CommitItem;
  /** Hash (hex) of the entry before this one. */
  readonly previousHash: string;
  /** Hash (hex) of the task's last entry, once this one is stored. */
  readonly headHash: string;
};

export type CommitVerdict = "committed" | "conflict" | "already-settled" | "unknown-cause";

export type CommitBatchResult = {
  readonly verdicts: ReadonlyMap<TaskId, CommitVerdict>;
};

/** How other servers learn that there is work: the channel, and who sends, so that the sender does not wake itself. */
export type Notice = { readonly channel: string; readonly sender: string };

/** Stores the batch; `notice` is null where no other process can be waiting. */
export async function writeCommitBatch(
  session: SqlSession,
  commits: readonly ChainedCommit[],
  notice: Notice | null,
): Promise<CommitBatchResult> {
  const items = commits.map(({ item }) => item);
  const parts = partsOf(items);
  const rows = await session.query<{ task: TaskId; verdict: CommitVerdict }>(commitStatement(parts), [
    ...itemColumns(commits),
    ...effectColumns(items),
    notice?.channel ?? null,
    notice?.sender ?? null,
    ...causeColumns(items, parts),
    ...(parts.opening ? openingColumns(items) : []),
    ...(parts.runs ? runColumns(items) : []),
    ...(parts.states ? [textArray(items.map(({ projection }) => projection))] : []),
  ]);
  return { verdicts: new Map(rows.map((row) => [row.task, row.verdict])) };
}

function partsOf(items: readonly CommitItem[]): CommitParts {
  return {
    opening: items.some(({ commit }) => commit.expectedVersion === 0),
    deliveries: items.some(({ settled }) => settled.kind === "delivery"),
    effects: items.some(({ settled }) => settled.kind === "effect"),
    runs: items.some(({ newRunId }) => newRunId !== null),
    states: items.some(({ projection }) => projection !== null),
  };
}

function itemColumns(commits: readonly ChainedCommit[]): readonly Parameter[] {
  return [
    textArray(commits.map(({ item }) => item.commit.task)),
    bigintArray(commits.map(({ item }) => item.commit.expectedVersion)),
    bigintArray(commits.map(({ item }) => item.newVersion)),
    hashArray(commits.map(({ previousHash }) => previousHash)),
    hashArray(commits.map(({ headHash }) => headHash)),
    textArray(commits.map(({ item }) => item.canonical)),
    textArray(commits.map(({ item }) => item.lookups.status)),
    textArray(commits.map(({ item }) => item.commit.after.branch)),
    bigintArray(commits.map(({ item }) => item.lookups.pullNumber)),
  ];
}

function effectColumns(items: readonly CommitItem[]): readonly Parameter[] {
  const rows = items.flatMap(({ commit: { task }, effects }) =>
    effects.map((effect) => ({ task, ...effect })),
  );
  return [
    textArray(rows.map(({ id }) => id)),
    textArray(rows.map(({ task }) => task)),
    textArray(rows.map(({ kind }) => kind)),
    textArray(rows.map(({ payload }) => payload)),
    timestampArray(rows.map(({ dueAt }) => dueAt)),
  ];
}

function causeColumns(items: readonly CommitItem[], parts: CommitParts): readonly Parameter[] {
  const idsOf = (kind: "delivery" | "effect"): BinaryParameter =>
    textArray(items.map(({ settled }) => (settled.kind === kind ? settled.id : null)));
  const columns: BinaryParameter[] = [];
  if (parts.deliveries) columns.push(idsOf("delivery"));
  if (parts.effects) columns.push(idsOf("effect"));
  if (columns.length === 0) return columns;
  const outcomes = items.map(({ settled }) =>
    settled.kind === "none" ? null : storableText(settled.outcome),
  );
  return [...columns, textArray(outcomes)];
}

/** What only a new task's row needs. */
function openingColumns(items: readonly CommitItem[]): readonly Parameter[] {
  const tasks = items.map(({ commit }) => commit.after);
  return [
    bigintArray(tasks.map((task) => task.tenant)),
    bigintArray(tasks.map((task) => task.repository.id)),
    bigintArray(tasks.map((task) => task.issue.number)),
    bigintArray(items.map(({ lookups }) => lookups.generation)),
    textArray(tasks.map((task) => task.repository.owner)),
    textArray(tasks.map((task) => task.repository.name)),
    textArray(tasks.map((task) => task.repository.defaultBranch)),
    timestampArray(tasks.map(({ openedAt }) => instant(openedAt))),
  ];
}

function runColumns(items: readonly CommitItem[]): readonly Parameter[] {
  return [
    bigintArray(items.map(({ commit }) => commit.after.repository.id)),
    bigintArray(items.map(({ newRunId }) => newRunId)),
  ];
}

/** Hashes in hex as a `bytea[]`. */
function hashArray(hashes: readonly string[]): BinaryParameter {
  return byteaArray(hashes.map((hash) => Buffer.from(hash, "hex")));
}
