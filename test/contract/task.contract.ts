import { describe, expect, test } from "vitest";
import { sha256Hex } from "../../src/adapters/postgres/chain-entries.ts";
import type { TenantId } from "../../src/base/ids.ts";
import type { SqlClient } from "../../src/adapters/postgres/sql-client.ts";
import type { TaskEvent } from "../../src/core/task/events.ts";
import { verifyChain } from "../../src/core/audit/verify-chain.ts";
import {
  leasedPhase,
  nextCommit,
  openingCommit,
  SAMPLE_META,
  SAMPLE_REPOSITORY,
  SAMPLE_TIME,
  sampleTask,
} from "./sample-task.ts";
import type { StoreFixture } from "./store-fixture.ts";
import { NOTHING } from "./store-fixture.ts";

export function describeTasks(fixture: StoreFixture): void {
  describe("tasks", () => {
    test("a committed task is loaded with its state and version, and found by what it is known by", async () => {
      const task = sampleTask(fixture.nextIssue(), {
        pull: { number: 900_001, url: "https://example.test/pull/900001" },
      });
      await fixture.store.tasks.commit(openingCommit(task), NOTHING);
      expect(await fixture.store.tasks.load(task.id)).toEqual({ task, version: 1 });
      const { id: repository } = SAMPLE_REPOSITORY;
      const found = { task, version: 1 };
      expect(await fixture.store.tasks.findByIssue(repository, task.issue.number)).toEqual(found);
      expect(await fixture.store.tasks.findByBranch(repository, task.branch)).toEqual(found);
      expect(await fixture.store.tasks.findByPull(repository, 900_001)).toEqual(found);
      expect(await fixture.store.tasks.listOpenInRepository(SAMPLE_REPOSITORY.id)).toContain(task.id);
      expect(await fixture.store.tasks.listOpenInRepository(SAMPLE_REPOSITORY.id + 1)).toEqual([]);
      expect(await fixture.store.tasks.listOpenOfTenant(task.tenant)).toContain(task.id);
      expect(await fixture.store.tasks.listOpenOfTenant((task.tenant + 1) as TenantId)).toEqual([]);
    });

    test("what was never stored is not found", async () => {
      expect(await fixture.store.tasks.load(sampleTask(999_999).id)).toBeNull();
      expect(await fixture.store.tasks.findByIssue(SAMPLE_REPOSITORY.id, 999_999)).toBeNull();
      expect(await fixture.store.tasks.findByPull(SAMPLE_REPOSITORY.id, 999_999)).toBeNull();
      expect(await fixture.store.tasks.findByBranch(SAMPLE_REPOSITORY.id, "no/such-branch")).toBeNull();
      expect(await fixture.store.tasks.findByRun(SAMPLE_REPOSITORY.id, 999_999)).toBeNull();
      expect(await fixture.store.tasks.history(sampleTask(999_999).id)).toEqual([]);
    });

    test("of many that look at once each gets its own answer, and none fails with another", async () => {
      const { tasks } = fixture.store;
      const [one, other] = [await fixture.openTask(), await fixture.openTask()];
      const missing = sampleTask(999_999);
      const wanted = [one, missing, other, one];
      const known = wanted.map((task) => (task === missing ? null : task.id));
      const { id: repository } = SAMPLE_REPOSITORY;
      const loads = wanted.map((task) => tasks.load(task.id));
      const byIssue = wanted.map((task) => tasks.findByIssue(repository, task.issue.number));
      const byBranch = wanted.map((task) => tasks.findByBranch(repository, task.branch));
      const refused = tasks.findByBranch(repository, "no\u0000branch");
      await expect(refused).rejects.toThrow();
      for (const answers of [loads, byIssue, byBranch]) {
        expect((await Promise.all(answers)).map((found) => found?.task.id ?? null)).toEqual(known);
      }
    });

    test("a task that is loaded again is as it was stored, whoever changed it", async () => {
      const task = await fixture.openTask();
      const find = () => fixture.store.tasks.findByIssue(SAMPLE_REPOSITORY.id, task.issue.number);
      await fixture.store.tasks.load(task.id);
      const commit = nextCommit(task, 1);
      const held = commit.after;
      await fixture.store.tasks.commit(commit, NOTHING);
      expect(await fixture.store.tasks.load(task.id)).toEqual({ task: held, version: 2 });
      expect(await find()).toEqual({ task: held, version: 2 });
      await fixture.reopen();
      expect(await find()).toEqual({ task: held, version: 2 });
      expect(await fixture.store.tasks.load(task.id)).toEqual({ task: held, version: 2 });
    });

    test("after a restart a task is as it was, with fewer than sixteen of its entries to fold", async () => {
      let [task, version] = [await fixture.openTask(), 1];
      const keptAt: unknown[] = [];
      const readKept = async (database: SqlClient) => {
        const text = "SELECT version FROM projection WHERE task_id = $1";
        keptAt.push(...(await database.query<{ version: number }>({ name: "", text }, [task.id])));
      };
      for (const entries of [14, 1, 1, 14, 1, 3]) {
        for (let entry = 0; entry < entries; entry += 1) {
          const commit = nextCommit(task, version, { events: holdsOf(version, 2) });
          expect(await fixture.store.tasks.commit(commit, NOTHING)).toBe("committed");
          [task, version] = [commit.after, version + 1];
        }
        const ahead = nextCommit(task, version + 1);
        expect(await fixture.store.tasks.commit(ahead, NOTHING)).toBe("conflict");
        await fixture.reopen(readKept);
        expect(await fixture.store.tasks.load(task.id)).toEqual({ task, version });
      }
      expect(keptAt).toEqual([16, 16, 16, 32, 32].map((version) => ({ version })));
    });

    test("a task of which an entry is missing is refused, and who asks for others beside it gets them", async () => {
      const [damaged, sound] = [await fixture.openTask(), await fixture.openTask()];
      const setVersion = (version: number) =>
        fixture.reopen(async (database) => {
          const text = "UPDATE task SET version = $2 WHERE id = $1";
          await database.query({ name: "", text }, [damaged.id, version]);
        });
      await setVersion(2);
      const { tasks } = fixture.store;
      const [refused, loaded] = await Promise.allSettled([tasks.load(damaged.id), tasks.load(sound.id)]);
      expect(refused).toMatchObject({ reason: { message: expect.stringContaining(damaged.id) as string } });
      expect(loaded).toMatchObject({ value: { task: sound, version: 1 } });
      await setVersion(1);
    });

    test("an issue's newest generation is the one that is found", async () => {
      const first = await fixture.openTask();
      const id = `${SAMPLE_REPOSITORY.id}-${first.issue.number}-2` as typeof first.id;
      const second = { ...first, id };
      await fixture.store.tasks.commit(openingCommit(second), NOTHING);
      const found = { task: second, version: 1 };
      expect(await fixture.store.tasks.findByIssue(SAMPLE_REPOSITORY.id, first.issue.number)).toEqual(found);
      expect(await fixture.store.tasks.findByBranch(SAMPLE_REPOSITORY.id, first.branch)).toEqual(found);
    });

    test("an open task is found by the run of its current attempt, and no longer when it has ended", async () => {
      const task = await fixture.openTask();
      const running = { ...task, phase: leasedPhase(task.id, 77_001) };
      await fixture.store.tasks.commit({ ...nextCommit(task, 1), after: running }, NOTHING);
      const findByRun = async (id: number) =>
        (await fixture.store.tasks.findByRun(SAMPLE_REPOSITORY.id, id))?.task;
      expect(await findByRun(77_001)).toEqual(running);
      const again = { ...task, phase: leasedPhase(task.id, 77_002) };
      await fixture.store.tasks.commit({ ...nextCommit(task, 2), after: again }, NOTHING);
      expect(await findByRun(77_001)).toBeUndefined();
      expect(await findByRun(77_002)).toEqual(again);
      const ended = { ...running, phase: { kind: "cancelled", by: "ada", why: "no need" } as const };
      await fixture.store.tasks.commit({ ...nextCommit(task, 3), after: ended }, NOTHING);
      expect(await findByRun(77_002)).toBeUndefined();
      expect(await fixture.store.tasks.listOpenInRepository(SAMPLE_REPOSITORY.id)).not.toContain(task.id);
      expect(await fixture.store.tasks.listOpenOfTenant(task.tenant)).not.toContain(task.id);
    });

    test("history gives the entries in order, numbered from 1, with the text that was hashed", async () => {
      const task = await fixture.openTask();
      const events: readonly TaskEvent[] = [
        { type: "TaskHeld", by: "ada" },
        { type: "TaskResumed", by: "bob" },
      ];
      const commit = nextCommit(task, 1, { events });
      await fixture.store.tasks.commit(commit, NOTHING);
      await fixture.store.tasks.commit(nextCommit(commit.after, 2), NOTHING);
      const history = await fixture.store.tasks.history(task.id);
      expect(history.map((stored) => stored.sequence)).toEqual([1, 2, 3]);
      expect(history[1]).toMatchObject({ meta: SAMPLE_META, events });
      expect(history[1]?.canonical).toBe(
        `{"events":[{"by":"ada","type":"TaskHeld"},{"by":"bob","type":"TaskResumed"}],` +
          `"meta":{"actor":"ada","at":"${SAMPLE_TIME}","cause":"delivery:sample"},"sequence":2,"task":"${task.id}"}`,
      );
    });

    test("texts that PostgreSQL or canonical JSON cannot hold as they are do not stop a task", async () => {
      const task = await fixture.openTask();
      const event: TaskEvent = { type: "TaskHeld", by: "nul \u0000 and tail \ud83d" };
      expect(await fixture.store.tasks.commit(nextCommit(task, 1, { events: [event] }), NOTHING)).toBe(
        "committed",
      );
      const mended = "nul \u0000 and tail \ufffd";
      expect((await fixture.store.tasks.load(task.id))?.task.hold?.by).toBe(mended);
      const history = await fixture.store.tasks.history(task.id);
      expect(history[1]?.events).toMatchObject([{ by: mended }]);
      expect(verifyChain(history, sha256Hex).ok).toBe(true);
    });
  });
}

function holdsOf(version: number, count: number): readonly TaskEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    type: "TaskHeld",
    by: `person ${version}.${index}`,
  }));
}
