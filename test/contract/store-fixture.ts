import { afterAll, beforeAll, expect } from "vitest";
import type { StoreLocation } from "../../src/adapters/postgres/open-store.ts";
import { openStore } from "../../src/adapters/postgres/open-store.ts";
import type { SqlClient } from "../../src/adapters/postgres/sql-client.ts";
import type { TaskId } from "../../src/base/ids.ts";
import type { Task } from "../../src/core/task/state.ts";
import type { PendingEffect, Settled, Store } from "../../src/ports/task-store.ts";
import { openingCommit, SAMPLE_TIME, sampleTask } from "./sample-task.ts";

/** How the contract reaches a kind of store. */
export type StoreUnderTest = {
  /** A new place that survives closing. */
  freshLocation(): Promise<StoreLocation>;
  /** A new place for one use: it may be gone when it is closed. */
  scratchLocation(): Promise<StoreLocation>;
  /** The database behind a closed store. */
  openDatabase(location: StoreLocation): Promise<SqlClient>;
};

export const NOTHING: Settled = { kind: "none" };
export const NOON = new Date(SAMPLE_TIME);

/** One store for all tests of a contract, each of which works on tasks and deliveries of its own. */
export class StoreFixture {
  readonly under: StoreUnderTest;
  #location: StoreLocation | null = null;
  #store: Store | null = null;
  #issues = 0;

  constructor(under: StoreUnderTest) {
    this.under = under;
    beforeAll(async () => {
      this.#location = await under.freshLocation();
      this.#store = await openStore(this.#location);
    });
    afterAll(async () => {
      await this.#store?.close();
    });
  }

  get store(): Store {
    if (!this.#store) throw new Error("The store is opened before the first test.");
    return this.#store;
  }

  nextIssue(): number {
    this.#issues += 1;
    return this.#issues;
  }

  async openTask(changes: Partial<Task> = {}): Promise<Task> {
    const task = sampleTask(this.nextIssue(), changes);
    expect(await this.store.tasks.commit(openingCommit(task), NOTHING)).toBe("committed");
    return task;
  }

  /** The task's effects that are due at noon; the task is claimed from then on. */
  async dueEffects(task: TaskId): Promise<readonly PendingEffect[]> {
    return (await this.store.outbox.claim(task, NOON)) ?? [];
  }

  /** Closes the store, works on the database behind it, and opens the store again, as after a restart. */
  async reopen(between?: (database: SqlClient) => Promise<void>): Promise<void> {
    if (!this.#location) throw new Error("The store is opened before the first test.");
    await this.store.close();
    if (between) {
      const database = await this.under.openDatabase(this.#location);
      await between(database);
      await database.close();
    }
    this.#store = await openStore(this.#location);
  }
}
