import { describe, expect, test } from "vitest";
import { sha256Hex } from "../../src/adapters/postgres/chain-entries.ts";
import type { DeliveryId, EffectId } from "../../src/base/ids.ts";
import { verifyChain } from "../../src/core/audit/verify-chain.ts";
import type { Task } from "../../src/core/task/state.ts";
import type { Settled } from "../../src/ports/task-store.ts";
import { dueEffects } from "../support/due-effects.ts";
import { nextCommit, openingCommit, sampleDelivery, sampleTask } from "./sample-task.ts";
import type { StoreFixture } from "./store-fixture.ts";
import { NOON, NOTHING } from "./store-fixture.ts";

/** The same task, of a repository that has another name by now. */
function renamed(task: Task): Task {
  return { ...task, repository: { ...task.repository, name: "renamed" } };
}

export function describeCommits(fixture: StoreFixture): void {
  describe("commits", () => {
    test("a commit at a version that is not the task's is a conflict and stores nothing", async () => {
      const task = await fixture.openTask();
      await fixture.store.inbox.store(sampleDelivery("conflicting"));
      const stale = nextCommit({ ...task, guidance: "stale" }, 0, { effects: [{ kind: "mirror" }] });
      const ahead = nextCommit({ ...task, guidance: "ahead" }, 5, { effects: [{ kind: "mirror" }] });
      const settled: Settled = { kind: "delivery", id: "conflicting" as DeliveryId, outcome: "done" };
      expect(await fixture.store.tasks.commit(stale, settled)).toBe("conflict");
      expect(await fixture.store.tasks.commit(ahead, settled)).toBe("conflict");
      expect(await fixture.store.tasks.load(task.id)).toEqual({ task, version: 1 });
      expect(await fixture.store.tasks.history(task.id)).toHaveLength(1);
      expect(await fixture.dueEffects(task.id)).toEqual([]);
      expect((await fixture.store.inbox.pending(1_000)).map(({ id }) => id)).toContain("conflicting");
    });

    test("in one batch some are stored and some refused, each for its own reason and with nothing left of it", async () => {
      const { store } = fixture;
      const tasks = await Promise.all([1, 2, 3, 4].map(() => fixture.openTask()));
      const [held, stale, late, unknown] = tasks as [Task, Task, Task, Task];
      const opened = sampleTask(fixture.nextIssue());
      await store.tasks.commit(nextCommit(stale, 1, { effects: [{ kind: "mirror" }] }), NOTHING);
      const [effect] = await fixture.dueEffects(stale.id);
      for (const id of ["mixed-held", "mixed-late", "mixed-again", "mixed-opened"])
        await store.inbox.store(sampleDelivery(id));
      await store.inbox.settle("mixed-late" as DeliveryId, "read before");
      const by = (id: string): Settled => ({ kind: "delivery", id: id as DeliveryId, outcome: id });
      const effects = [{ kind: "mirror" }] as const;
      const outcomes = await Promise.allSettled([
        store.tasks.commit(nextCommit(held, 1, { effects }), by("mixed-held")),
        // At a version that it no longer has.
        store.tasks.commit(nextCommit(stale, 1, { effects }), {
          kind: "effect",
          id: effect?.id as EffectId,
          outcome: "mirrored",
        }),
        store.tasks.commit(nextCommit(late, 1, { effects }), by("mixed-late")),
        store.tasks.commit(nextCommit(unknown, 1, { effects }), by("mixed-never-came")),
        store.tasks.commit(openingCommit(opened, effects), by("mixed-opened")),
        // Another generation of the same issue is told by its id alone, so that this one is there already.
        store.tasks.commit(openingCommit(renamed(held), effects), by("mixed-again")),
      ]);
      expect(
        outcomes.map((outcome) => (outcome.status === "fulfilled" ? outcome.value : "rejected")),
      ).toEqual(["committed", "conflict", "already-settled", "rejected", "committed", "conflict"]);
      const versions = await Promise.all(
        [...tasks, opened].map(async ({ id }) => (await store.tasks.load(id))?.version),
      );
      expect(versions).toEqual([2, 2, 1, 1, 1]);
      const pending = (await store.inbox.pending(10_000)).map(({ id }) => id as string);
      expect(pending.filter((id) => id.startsWith("mixed-"))).toEqual(["mixed-again"]);
      // One process runs a task's effects at a time: what it runs must be released before it is looked at.
      await store.outbox.release(stale.id);
      const due = (await dueEffects(store.outbox, NOON)).map(({ id }) => id);
      expect(due).toContain(effect?.id);
      const ofTasks = (id: string) => [...tasks, opened].some((task) => id.startsWith(`${task.id}/`));
      expect(due.filter(ofTasks).sort()).toEqual([`${held.id}/2/0`, effect?.id, `${opened.id}/1/0`].sort());
      await fixture.reopen(async (database) => {
        const text = `SELECT count(*)::integer AS renamed FROM repository WHERE name = 'renamed'`;
        expect(await database.query({ name: "count_renamed", text })).toEqual([{ renamed: 0 }]);
      });
    });

    test("of commits at one version that are made at once, one is stored", async () => {
      const task = await fixture.openTask();
      const outcomes = await Promise.all(
        ["a", "b", "c"].map((guidance) =>
          fixture.store.tasks.commit(nextCommit({ ...task, guidance }, 1), NOTHING),
        ),
      );
      expect(outcomes.sort()).toEqual(["committed", "conflict", "conflict"]);
      expect(await fixture.store.tasks.history(task.id)).toHaveLength(2);
    });

    test("a task is opened once when two stores open it at the same time", async () => {
      const task = sampleTask(fixture.nextIssue());
      const outcomes = await Promise.all([
        fixture.store.tasks.commit(openingCommit(task), NOTHING),
        fixture.store.tasks.commit(openingCommit(task), NOTHING),
      ]);
      expect(outcomes.sort()).toEqual(["committed", "conflict"]);
      expect(await fixture.store.tasks.history(task.id)).toHaveLength(1);
    });

    test("the delivery or effect that led to a commit is done with in the same step", async () => {
      const task = await fixture.openTask();
      await fixture.store.inbox.store(sampleDelivery("led-to-commit"));
      const byDelivery: Settled = { kind: "delivery", id: "led-to-commit" as DeliveryId, outcome: "held" };
      await fixture.store.tasks.commit(nextCommit(task, 1, { effects: [{ kind: "mirror" }] }), byDelivery);
      expect((await fixture.store.inbox.pending(1_000)).map(({ id }) => id)).not.toContain("led-to-commit");
      const [mirror] = await fixture.dueEffects(task.id);
      const byEffect: Settled = { kind: "effect", id: mirror?.id as EffectId, outcome: "mirrored" };
      expect(await fixture.store.tasks.commit(nextCommit(task, 2), byEffect)).toBe("committed");
      await fixture.reopen();
      expect(await fixture.dueEffects(task.id)).toEqual([]);
    });

    test("a cause is settled once: what it led to again is not stored", async () => {
      const task = await fixture.openTask();
      await fixture.store.inbox.store(sampleDelivery("twice"));
      const settled: Settled = { kind: "delivery", id: "twice" as DeliveryId, outcome: "held" };
      expect(await fixture.store.tasks.commit(nextCommit(task, 1), settled)).toBe("committed");
      expect(await fixture.store.tasks.commit(nextCommit(task, 2), settled)).toBe("already-settled");
      expect(await fixture.store.tasks.history(task.id)).toHaveLength(2);
    });

    test("an effect is settled once, by a commit or by itself", async () => {
      const task = await fixture.openTask();
      const effects = [{ kind: "mirror" }, { kind: "remove-trigger-label" }] as const;
      await fixture.store.tasks.commit(nextCommit(task, 1, { effects }), NOTHING);
      const [byCommit, byItself] = (await fixture.dueEffects(task.id)).map(({ id }): Settled => ({
        kind: "effect",
        id,
        outcome: "done",
      }));
      if (byCommit?.kind !== "effect" || byItself?.kind !== "effect") throw new Error("Nothing is due.");
      expect(await fixture.store.tasks.commit(nextCommit(task, 2), byCommit)).toBe("committed");
      await fixture.store.outbox.settle(byItself.id, "done");
      for (const settled of [byCommit, byItself]) {
        expect(await fixture.store.tasks.commit(nextCommit(task, 3), settled)).toBe("already-settled");
      }
      expect(await fixture.store.tasks.history(task.id)).toHaveLength(3);
      expect(await fixture.store.tasks.load(task.id)).toMatchObject({ version: 3 });
    });

    test("a commit that settles what was never stored is a bug, said loudly, and stores nothing", async () => {
      const task = await fixture.openTask();
      const settled: Settled = { kind: "delivery", id: "never-came" as DeliveryId, outcome: "done" };
      await expect(fixture.store.tasks.commit(nextCommit(task, 1), settled)).rejects.toThrow("never-came");
      expect(await fixture.store.tasks.history(task.id)).toHaveLength(1);
    });

    test("a commit that the database refuses leaves nothing, and those beside it are stored", async () => {
      const good = await Promise.all([1, 2, 3, 4, 5].map(() => fixture.openTask()));
      const bad = await fixture.openTask();
      await fixture.store.inbox.store(sampleDelivery("poisoned"));
      // More than the column of its number holds.
      const pull = { number: 2 ** 40, url: "https://example.test/pull" };
      const next = nextCommit(bad, 1, { effects: [{ kind: "mirror" }] });
      const poison = { ...next, after: { ...next.after, pull } };
      const settled: Settled = { kind: "delivery", id: "poisoned" as DeliveryId, outcome: "done" };
      const [refused, ...stored] = await Promise.allSettled([
        fixture.store.tasks.commit(poison, settled),
        ...good.map((task) => fixture.store.tasks.commit(nextCommit(task, 1), NOTHING)),
      ]);
      expect(refused.status).toBe("rejected");
      expect(stored.map((result) => result.status === "fulfilled" && result.value)).toEqual(
        good.map(() => "committed"),
      );
      expect(await fixture.store.tasks.load(bad.id)).toEqual({ task: bad, version: 1 });
      expect(await fixture.store.tasks.history(bad.id)).toHaveLength(1);
      expect(await fixture.dueEffects(bad.id)).toEqual([]);
      expect((await fixture.store.inbox.pending(1_000)).map(({ id }) => id)).toContain("poisoned");
      expect(await fixture.store.tasks.commit(nextCommit(bad, 1), settled)).toBe("committed");
    });

    test("an effect that is due at no time is refused in a sentence, and its commit stores nothing", async () => {
      const task = await fixture.openTask();
      const commit = nextCommit(task, 1, { effects: [{ kind: "wake", notBefore: "not a time" }] });
      await expect(fixture.store.tasks.commit(commit, NOTHING)).rejects.toThrow("no time");
      expect(await fixture.store.tasks.load(task.id)).toEqual({ task, version: 1 });
    });

    test("commits of 200 tasks at once are all stored, each chain whole", async () => {
      const tasks = Array.from({ length: 200 }, () => sampleTask(fixture.nextIssue()));
      await Promise.all(
        tasks.map(async (task) => {
          await fixture.store.tasks.commit(openingCommit(task, [{ kind: "mirror" }]), NOTHING);
          await fixture.store.tasks.commit(nextCommit(task, 1), NOTHING);
          await fixture.store.tasks.commit(nextCommit(task, 2), NOTHING);
        }),
      );
      const histories = await Promise.all(tasks.map((task) => fixture.store.tasks.history(task.id)));
      for (const history of histories) {
        expect(history.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
        expect(verifyChain(history, sha256Hex).ok).toBe(true);
      }
      const due = await dueEffects(fixture.store.outbox, NOON);
      expect(due.filter((effect) => tasks.some((task) => task.id === effect.task))).toHaveLength(200);
    });

    test("a commit without events is a bug, said loudly, and stores nothing", async () => {
      const task = await fixture.openTask();
      const commit = nextCommit(task, 1, { events: [], effects: [{ kind: "mirror" }] });
      await expect(fixture.store.tasks.commit(commit, NOTHING)).rejects.toThrow("has no event");
      expect(await fixture.dueEffects(task.id)).toEqual([]);
    });
  });
}
