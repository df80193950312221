import type { AttemptId, DeliveryId, EffectId, LeaseId, TaskId, TenantId } from "../base/ids.ts";
import type { ChainFault } from "../core/audit/verify-chain.ts";
import type { Effect } from "../core/task/effect.ts";
import type { Entry } from "../core/task/events.ts";
import type { Task } from "../core/task/state.ts";

/** One webhook as received; `body` is the bytes that were signed. */
export type Delivery = {
  readonly id: DeliveryId;
  readonly event: string;
  readonly body: Uint8Array;
  readonly receivedAt: string;
};

export type PendingEffect = {
  readonly id: EffectId;
  readonly task: TaskId;
  readonly tenant: TenantId;
  readonly effect: Effect;
  /** How often it failed for a reason of its own. */
  readonly failures: number;
};

/** How many effects a turn has at most, so that a task with very many does not keep its tenant's place for ever. */
export const MAX_TURN = 50;

/** A task whose effects are due, and the oldest of them. */
export type Turn = {
  readonly first: EffectId;
  readonly task: TaskId;
  readonly tenant: TenantId;
};

/** All that one decision changes: it is stored whole or not at all. It has an event at least. */
export type Commit = Entry & {
  readonly task: TaskId;
  /** Number of entries the decision was based on; 0 for a new task. */
  readonly expectedVersion: number;
  /** The task after the events: their fold. */
  readonly after: Task;
  /** `ordinal` in the array with the version makes the effect's id, so a commit that is retried makes no second one. */
  readonly effects: readonly Effect[];
};

/** What led to the commit and is done with it, in the same transaction. */
export type Settled =
  | { readonly kind: "delivery"; readonly id: DeliveryId; readonly outcome: string }
  | { readonly kind: "effect"; readonly id: EffectId; readonly outcome: string }
  | { readonly kind: "none" };

/**
 * `conflict`: the task has another version by now; load it and decide again. `already-settled`: what the commit would
 * have settled is done with, by another process, or is an effect that does not wait; nothing was stored, and nothing is
 * left to do.
 */
export type CommitOutcome = "committed" | "conflict" | "already-settled";

/** An entry as it stands in a task's record. */
export type StoredEntry = Entry & {
  readonly task: TaskId;
  /** From 1, without gaps. */
  readonly sequence: number;
  /** The text that was hashed: canonical JSON (RFC 8785) of task, sequence, meta and events. */
  readonly canonical: string;
  /** SHA-256 (hex) of the previous hash and the canonical text. */
  readonly hash: string;
};

/** What came of verifying the whole record; of each broken chain the first fault. */
export type RecordVerdict = {
  readonly tasks: number;
  readonly entries: number;
  readonly faults: readonly { readonly task: TaskId; readonly fault: ChainFault }[];
};

export type LoadedTask = {
  readonly task: Task;
  /** The number of its entries. */
  readonly version: number;
};

/**
 * The record of tasks. One adapter serves pg and PGlite. `commit` may be called by many at once: the adapter puts
 * what queued up while the last batch committed into the next one.
 */
export interface TaskStore {
  load(task: TaskId): Promise<LoadedTask | null>;
  /** The newest task of an issue, whatever its status. */
  findByIssue(repositoryId: number, issueNumber: number): Promise<LoadedTask | null>;
  findByPull(repositoryId: number, pullNumber: number): Promise<LoadedTask | null>;
  findByBranch(repositoryId: number, branch: string): Promise<LoadedTask | null>;
  /** The open task whose current attempt runs in this Actions run. */
  findByRun(repositoryId: number, runId: number): Promise<LoadedTask | null>;
  listOpenInRepository(repositoryId: number): Promise<readonly TaskId[]>;
  listOpenOfTenant(tenant: TenantId): Promise<readonly TaskId[]>;
  commit(commit: Commit, settled: Settled): Promise<CommitOutcome>;
  history(task: TaskId): Promise<readonly StoredEntry[]>;
  /** Reads every entry of every task, page by page while others go on writing, and verifies each task's chain. */
  verifyRecord(): Promise<RecordVerdict>;
}

/** Webhooks: stored before they are answered, then worked on in the order received. */
export interface Inbox {
  /**
   * `differs`: a delivery with this id and another body was stored before, and is kept. Rejects with `StoreOverloaded`
   * while the store is too far behind to keep it.
   */
  store(delivery: Delivery): Promise<"stored" | "duplicate" | "differs">;
  /**
   * Deliveries not done yet but for those of `besides`, oldest first: at most `limit`, and no more than may be in memory
   * together, so that only an empty answer says that there is no other.
   */
  pending(limit: number, besides?: ReadonlySet<DeliveryId>): Promise<readonly Delivery[]>;
  /** For a delivery that concerns no task or changes nothing; `outcome` is one sentence. */
  settle(id: DeliveryId, outcome: string): Promise<void>;
}

/**
 * Effects: a row leaves only with its result. They are run in turns: whoever has claimed a task runs those that are due
 * in their order, and nobody else runs any of them meanwhile, in this process or in another. A claim can be lost, with
 * the connection to the database or with the machine: whoever has lost one begins nothing more under it, but another may
 * run the effect that is under way at the same time. So an effect is run at least once, and its result is stored once:
 * the first stands.
 */
export interface Outbox {
  /**
   * Tasks with effects due at `now`, but for those of `besides`, the one with the oldest first. When more wait than can
   * be told at once, each tenant's oldest are among them.
   */
  turns(now: Date, besides: readonly TaskId[]): Promise<readonly Turn[]>;
  /** When the first effect that is not due at `now` will be; null when none waits for its time. */
  nextDueAfter(now: Date): Promise<Date | null>;
  /**
   * Effects of the task that are due at `now`, in their order; this process has the task until it releases it, or ends.
   * No more than `MAX_TURN`: what is left is due for another turn. null while another holds the claim.
   */
  claim(task: TaskId, now: Date): Promise<readonly PendingEffect[] | null>;
  release(task: TaskId): Promise<void>;
  /** Whether nobody else can have claimed the task since this process did. */
  holds(task: TaskId): boolean;
  /** Of a claimed task. An effect that was settled with a commit is left as it is. */
  settle(id: EffectId, outcome: string): Promise<void>;
  /** Keeps it for a later try, and counts a failure where it is one. */
  postpone(
    id: EffectId,
    later: { readonly until: Date; readonly why: string; readonly isFailure: boolean },
  ): Promise<void>;
  /** Whether this process is the one that hands turns over to all: the first that asks, until it ends. */
  lead(): Promise<boolean>;
}

/** Signs of life of an attempt and the bundle it hands over: data beside the events, never state. */
export interface AttemptStore {
  saveLease(lease: {
    readonly id: LeaseId;
    readonly attempt: AttemptId;
    readonly tenant: TenantId;
    /** SHA-256 (hex) of the bearer token: the token itself is never stored. */
    readonly tokenHash: string;
    readonly seenAt: string;
  }): Promise<void>;
  findLease(tokenHash: string): Promise<{ readonly id: LeaseId; readonly attempt: AttemptId } | null>;
  touchLease(id: LeaseId, seenAt: string): Promise<void>;
  leaseSeenAt(id: LeaseId): Promise<string | null>;
  appendSessionEvents(attempt: AttemptId, lines: readonly string[]): Promise<void>;
  sessionEvents(attempt: AttemptId): Promise<readonly string[]>;
  /** What the attempt has done so far, in place of what it had done before. */
  saveSnapshot(attempt: AttemptId, snapshot: Uint8Array): Promise<void>;
  loadSnapshot(attempt: AttemptId): Promise<Uint8Array | null>;
  /** The last of these attempts, in their order, that left a snapshot. */
  newestSnapshot(attempts: readonly AttemptId[]): Promise<AttemptId | null>;
  dropSnapshots(attempts: readonly AttemptId[]): Promise<void>;
  saveBundle(attempt: AttemptId, bundle: Uint8Array): Promise<void>;
  loadBundle(attempt: AttemptId): Promise<Uint8Array | null>;
}

/** A digest of what a part of the mirror shows, by the part's name. */
export type ShownParts = Readonly<Record<string, string>>;

/** A showing that has begun, and the names of the parts that it shows. */
export type Showing = { readonly id: string; readonly parts: readonly string[] };

/**
 * What the mirror showed of each task last, in whichever process: data beside the events, never state. A part is
 * forgotten before it is shown, and remembered afterwards only by a showing that no other of the task overlapped: of two
 * that did, nobody knows whose request came last, so both forget, and the next shows once more. One that was cut off counts
 * as under way until the next has ended. Losing all of it costs requests, never correctness.
 */
export interface MirrorStore {
  /** Begins to show the parts that were not shown so last, or all with `always`; null where there is none. */
  begin(task: TaskId, wanted: ShownParts, options: { readonly always: boolean }): Promise<Showing | null>;
  /** @param shown those parts of the showing that were shown; the others stay forgotten. */
  end(task: TaskId, showing: Showing, shown: ShownParts): Promise<void>;
  /** Instead of `end`, for a task that is over. */
  forget(task: TaskId): Promise<void>;
}

/** The store as a whole, and how to end it. While it is away or has no room, its calls reject with `StoreUnavailable`. */
export interface Store {
  readonly tasks: TaskStore;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly attempts: AttemptStore;
  readonly mirror: MirrorStore;
  /** Called when effects were stored or have another time: the relay waits for it instead of polling. */
  onWork(listener: () => void): void;
  close(): Promise<void>;
}
