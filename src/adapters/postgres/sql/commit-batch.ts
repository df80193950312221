import type { TaskId } from "../../../base/ids.ts";
import { bigintArray, byteaArray, textArray } from "../array-parameter.ts";
import type { ChainedEvent } from "../chain-events.ts";
import type { CommitItem } from "../commit-item.ts";
import type { SqlSession } from "../sql-client.ts";
import { storableText } from "../storable-text.ts";
import { taskLookups } from "../task-lookups.ts";
import { commitStatement, type CommitParts } from "./commit-statement.ts";

/** A commit whose events stand in the task's chain: all that the statement stores of it. */
export type ChainedCommit = {
  readonly item: CommitItem;
  /** Hash (hex) of the event before the first of these. */
  readonly previousHash: string;
  readonly events: readonly ChainedEvent[];
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
  const parts = partsOf(commits);
  const rows = await session.query<{ task: TaskId; verdict: CommitVerdict }>(commitStatement(parts), [
    ...taskColumns(commits),
    ...eventColumns(commits),
    ...effectColumns(commits),
    notice?.channel ?? null,
    notice?.sender ?? null,
    ...causeColumns(commits, parts),
    ...(parts.opensTasks ? openingColumns(commits) : []),
    ...(parts.keepsStates ? [textArray(commits.map(({ item }) => item.projection))] : []),
  ]);
  return { verdicts: new Map(rows.map((row) => [row.task, row.verdict])) };
}

function partsOf(commits: readonly ChainedCommit[]): CommitParts {
  return {
    opensTasks: commits.some(({ item }) => item.commit.expectedVersion === 0),
    settlesDeliveries: commits.some(({ item }) => item.settled.kind === "delivery"),
    settlesEffects: commits.some(({ item }) => item.settled.kind === "effect"),
    keepsStates: commits.some(({ item }) => item.projection !== null),
  };
}

function taskColumns(commits: readonly ChainedCommit[]): readonly unknown[] {
  const lookups = commits.map(({ item }) => taskLookups(item.commit.after));
  return [
    textArray(commits.map(({ item }) => item.commit.task)),
    bigintArray(commits.map(({ item }) => item.commit.expectedVersion)),
    bigintArray(commits.map(({ item, events }) => item.commit.expectedVersion + events.length)),
    hashArray(commits.map(({ previousHash }) => previousHash)),
    hashArray(commits.map(({ previousHash, events }) => events.at(-1)?.hash ?? previousHash)),
    textArray(lookups.map(({ status }) => status)),
    textArray(commits.map(({ item }) => item.commit.after.branch)),
    bigintArray(lookups.map(({ pullNumber }) => pullNumber)),
    bigintArray(lookups.map(({ runId }) => runId)),
    textArray(commits.map(({ item, events }) => events.at(-1)?.at ?? item.commit.after.openedAt)),
  ];
}

function causeColumns(
  commits: readonly ChainedCommit[],
  { settlesDeliveries, settlesEffects }: CommitParts,
): readonly unknown[] {
  const settled = commits.map(({ item }) => item.settled);
  const idsOf = (kind: "delivery" | "effect"): Buffer =>
    textArray(settled.map((cause) => (cause.kind === kind ? cause.id : null)));
  const columns: Buffer[] = [];
  if (settlesDeliveries) columns.push(idsOf("delivery"));
  if (settlesEffects) columns.push(idsOf("effect"));
  if (columns.length === 0) return columns;
  const outcomes = settled.map((cause) => (cause.kind === "none" ? null : storableText(cause.outcome)));
  return [...columns, textArray(outcomes)];
}

/** What only a new task's row needs. */
function openingColumns(commits: readonly ChainedCommit[]): readonly unknown[] {
  const tasks = commits.map(({ item }) => item.commit.after);
  return [
    bigintArray(tasks.map((task) => task.tenant)),
    bigintArray(tasks.map((task) => task.repository.id)),
    bigintArray(tasks.map((task) => task.issue.number)),
    bigintArray(tasks.map((task) => taskLookups(task).generation)),
    textArray(tasks.map((task) => task.repository.owner)),
    textArray(tasks.map((task) => task.repository.name)),
    textArray(tasks.map((task) => task.repository.defaultBranch)),
    textArray(tasks.map((task) => task.openedAt)),
  ];
}

function eventColumns(commits: readonly ChainedCommit[]): readonly unknown[] {
  const rows = commits.flatMap(({ item, events }) =>
    events.map((event) => ({ task: item.commit.task, event })),
  );
  return [
    textArray(rows.map(({ task }) => task)),
    bigintArray(rows.map(({ event }) => event.sequence)),
    textArray(rows.map(({ event }) => event.type)),
    textArray(rows.map(({ event }) => event.at)),
    textArray(rows.map(({ event }) => event.canonical)),
    hashArray(rows.map(({ event }) => event.hash)),
  ];
}

function effectColumns(commits: readonly ChainedCommit[]): readonly unknown[] {
  const rows = commits.flatMap(({ item }) =>
    item.effects.map((effect) => ({ task: item.commit.task, effect })),
  );
  return [
    textArray(rows.map(({ effect }) => effect.id)),
    textArray(rows.map(({ task }) => task)),
    textArray(rows.map(({ effect }) => effect.kind)),
    textArray(rows.map(({ effect }) => effect.payload)),
    textArray(rows.map(({ effect }) => effect.dueAt)),
  ];
}

/** Hashes in hex as a `bytea[]`. */
function hashArray(hashes: readonly string[]): Buffer {
  return byteaArray(hashes.map((hash) => Buffer.from(hash, "hex")));
}
