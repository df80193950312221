import type { TaskId, TenantId } from "../../base/ids.ts";
import { GENESIS_HASH } from "../../core/audit/verify-chain.ts";
import type { Task } from "../../core/task/state.ts";
import type {
  Commit,
  CommitOutcome,
  LoadedTask,
  RecordVerdict,
  Settled,
  StoredEntry,
  TaskStore,
} from "../../ports/task-store.ts";
import { batchReads } from "./batch-reads.ts";
import { BatchWriter } from "./batch-writer.ts";
import { chainEntry } from "./chain-entries.ts";
import type { CommitItem } from "./commit-item.ts";
import { commitItem } from "./commit-item.ts";
import { foldTask } from "./fold-task.ts";
import { KnownTasks } from "./known-tasks.ts";
import type { SettledDeliveries } from "./postgres-inbox.ts";
import type { RunningEffects } from "./postgres-outbox.ts";
import type { ChainedCommit, Notice, Refusal } from "./sql/commit-batch.ts";
import { writeCommitBatch } from "./sql/commit-batch.ts";
import * as find from "./sql/find-task.ts";
import { readTaskHistory } from "./sql/read-history.ts";
import {
  listOpenTasksInRepository,
  listOpenTasksOfTenant,
  readChainHeads,
  readTasks,
  type StoredHead,
} from "./sql/read-task.ts";
import type { SqlClient, SqlSession } from "./sql-client.ts";
import { blamesStatement } from "./sql-failure.ts";
import { verifyRecord } from "./verify-record.ts";
import { taskLookups } from "./task-lookups.ts";
import type { WorkSignal } from "./work-signal.ts";

/** No hash is this: a commit at a version that the task does not have gets it, and is a conflict. */
const UNKNOWN_HASH = "";

/** What an event may have without the state having to grow by it: a log or a plan has more, and stays in the state. */
const ORDINARY_EVENT_CHARACTERS = 2_000;

type Verdict = "committed" | Refusal;

export type TaskStoreParts = {
  readonly client: SqlClient;
  readonly signal: WorkSignal;
  readonly notice: Notice | null;
  readonly running: RunningEffects;
  readonly settledDeliveries: SettledDeliveries;
};

export class PostgresTaskStore implements TaskStore {
  readonly #parts: TaskStoreParts;
  readonly #client: SqlClient;
  readonly #known = new KnownTasks();
  readonly #commits: BatchWriter<CommitItem, Verdict>;
  readonly #reads: ReturnType<typeof readsOf>;

  constructor(parts: TaskStoreParts) {
    this.#parts = parts;
    this.#client = parts.client;
    this.#reads = readsOf(parts.client, this.#known);
    this.#commits = new BatchWriter({
      keyOf: (item) => item.commit.task,
      weightOf: (item) => item.weight,
      write: (items) => this.#write(items),
      blamesItems: blamesStatement,
      parallel: parts.client.connections,
    });
  }

  async load(task: TaskId): Promise<LoadedTask | null> {
    const stored = await this.#reads.load(task);
    if (!stored) return null;
    const loaded = foldTask(stored);
    this.#known.set(task, loaded);
    return { task: loaded.task, version: loaded.version };
  }

  async findByIssue(repositoryId: number, issueNumber: number): Promise<LoadedTask | null> {
    return this.#loadFound(await this.#reads.findByIssue({ repositoryId, number: issueNumber }));
  }

  async findByPull(repositoryId: number, pullNumber: number): Promise<LoadedTask | null> {
    return this.#loadFound(await this.#reads.findByPull({ repositoryId, number: pullNumber }));
  }

  async findByBranch(repositoryId: number, branch: string): Promise<LoadedTask | null> {
    return this.#loadFound(await this.#reads.findByBranch({ repositoryId, branch }));
  }

  async findByRun(repositoryId: number, runId: number): Promise<LoadedTask | null> {
    const found = await this.#loadFound(await this.#reads.findByRun({ repositoryId, number: runId }));
    return found && taskLookups(found.task).runId === runId ? found : null;
  }

  /** What is known with the hash that was found is the task as it is: only others are read whole. */
  async #loadFound(found: StoredHead | null): Promise<LoadedTask | null> {
    if (!found) return null;
    const known = this.#known.get(found.task);
    if (!known?.task || known.hash !== found.hash) return this.load(found.task);
    this.#known.set(found.task, known);
    return { task: known.task, version: known.version };
  }

  listOpenInRepository(repositoryId: number): Promise<readonly TaskId[]> {
    return listOpenTasksInRepository(this.#client, repositoryId);
  }

  listOpenOfTenant(tenant: TenantId): Promise<readonly TaskId[]> {
    return listOpenTasksOfTenant(this.#client, tenant);
  }

  history(task: TaskId): Promise<readonly StoredEntry[]> {
    return readTaskHistory(this.#client, task);
  }

  verifyRecord(): Promise<RecordVerdict> {
    return verifyRecord(this.#client);
  }

  async commit(commit: Commit, settled: Settled): Promise<CommitOutcome> {
    const verdict = await this.#commits.submit(commitItem(commit, settled, this.#stateAt(commit)));
    if (verdict === "unknown-cause") {
      const cause = settled.kind === "none" ? "nothing" : `${settled.kind} ${settled.id}`;
      throw new Error(`The commit for task ${commit.task} settles ${cause}, which was never stored.`);
    }
    if (verdict === "conflict") return verdict;
    if (settled.kind === "effect") this.#parts.running.delete(settled.id);
    if (settled.kind === "delivery") this.#parts.settledDeliveries.add(settled.id);
    return verdict;
  }

  drained(): Promise<void> {
    return this.#commits.drained();
  }

  async #write(items: readonly CommitItem[]): Promise<readonly Verdict[]> {
    await this.#findHeads(items);
    const commits = items
      .map((item) => this.#chain(item))
      .sort((a, b) => (a.item.commit.task < b.item.commit.task ? -1 : 1));
    const refusals = await writeCommitBatch(this.#client, commits, this.#parts.notice);
    for (const commit of commits) this.#remember(commit, refusals.has(commit.item.commit.task));
    const leftWork = items.some(({ commit, effects }) => effects.length > 0 && !refusals.has(commit.task));
    if (leftWork) this.#parts.signal.wake();
    return items.map(({ commit }) => refusals.get(commit.task) ?? "committed");
  }

  /** Reads the chain heads of tasks that were not loaded lately, all at once. */
  async #findHeads(items: readonly CommitItem[]): Promise<void> {
    const unknown = items
      .map(({ commit }) => commit)
      .filter(({ task, expectedVersion }) => this.#headAt(task, expectedVersion) === undefined)
      .map(({ task }) => task);
    if (unknown.length === 0) return;
    for (const { task, version, hash } of await readChainHeads(this.#client, unknown)) {
      this.#known.set(task, { version, hash, task: null, characters: 0 });
    }
  }

  #headAt(task: TaskId, version: number): string | undefined {
    if (version === 0) return GENESIS_HASH;
    const known = this.#known.get(task);
    return known?.version === version ? known.hash : undefined;
  }

  #chain(item: CommitItem): ChainedCommit {
    const { task, expectedVersion } = item.commit;
    const previousHash = this.#headAt(task, expectedVersion) ?? UNKNOWN_HASH;
    return { item, previousHash, headHash: chainEntry(previousHash, item.canonical) };
  }

  #remember({ item, headHash }: ChainedCommit, isRefused: boolean): void {
    const { task, after } = item.commit;
    if (isRefused) return this.#known.forget(task);
    // A `load` beside it may have been quicker, and knows the task.
    if (this.#known.get(task)?.hash === headHash) return;
    const characters = this.#charactersAfter(item);
    this.#known.set(task, {
      version: item.newVersion,
      hash: headHash,
      task: characters === null || item.mayBeMended ? null : after,
      characters: characters ?? 0,
    });
  }

  /** Estimated from the state that was kept last, or the entry that the task began with; null where neither is known. */
  #charactersAfter({ projection, canonical, commit }: CommitItem): number | null {
    if (projection !== null) return projection.length;
    if (commit.expectedVersion === 0) return canonical.length;
    const before = this.#known.get(commit.task);
    if (before?.version !== commit.expectedVersion || before.task === null) return null;
    return (
      before.characters + Math.max(0, canonical.length - ORDINARY_EVENT_CHARACTERS * commit.events.length)
    );
  }

  #stateAt({ task, expectedVersion }: Commit): Task | null {
    const known = this.#known.get(task);
    return known?.version === expectedVersion ? known.task : null;
  }
}

function readsOf(client: SqlClient, known: KnownTasks) {
  const reads = <Key, Value>(
    read: (session: SqlSession, keys: readonly Key[]) => Promise<readonly Value[]>,
  ) => batchReads<Key, Value>((keys) => read(client, keys), client.connections);
  return {
    load: reads((session, tasks: readonly TaskId[]) => readTasks(session, tasks, known)),
    findByIssue: reads(find.findTasksByIssue),
    findByPull: reads(find.findTasksByPull),
    findByBranch: reads(find.findTasksByBranch),
    findByRun: reads(find.findTasksByRun),
  };
}
