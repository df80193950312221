import { describe, expect, test } from "vitest";
import { openStore } from "../../src/adapters/postgres/open-store.ts";
import type { EffectId, TaskId, TenantId } from "../../src/base/ids.ts";
import type { Task } from "../../src/core/task/state.ts";
import type { Turn } from "../../src/ports/task-store.ts";
import { nextCommit, openingCommit, sampleTask } from "./sample-task.ts";
import type { StoreFixture } from "./store-fixture.ts";
import { NOON, NOTHING } from "./store-fixture.ts";

export function describeOutbox(fixture: StoreFixture): void {
  describe("the outbox", () => {
    test("a task's due effects are had in their order, with what they need, by one at a time", async () => {
      const task = sampleTask(fixture.nextIssue());
      await fixture.store.tasks.commit(
        openingCommit(task, [{ kind: "remove-trigger-label" }, { kind: "mirror" }]),
        NOTHING,
      );
      const { outbox } = fixture.store;
      const due = await outbox.claim(task.id, NOON);
      expect(due).toEqual([
        {
          id: `${task.id}/1/0`,
          task: task.id,
          tenant: task.tenant,
          effect: { kind: "remove-trigger-label" },
          failures: 0,
        },
        {
          id: `${task.id}/1/1`,
          task: task.id,
          tenant: task.tenant,
          effect: { kind: "mirror" },
          failures: 0,
        },
      ]);
      expect(await outbox.claim(task.id, NOON)).toBeNull();
      await outbox.release(task.id);
      expect(await outbox.claim(task.id, NOON)).toEqual(due);
      await outbox.release(task.id);
    });

    test("a task with due effects has its turn, by its oldest, until all are settled", async () => {
      const task = sampleTask(fixture.nextIssue());
      const effects = [{ kind: "remove-trigger-label" }, { kind: "mirror" }] as const;
      await fixture.store.tasks.commit(openingCommit(task, effects), NOTHING);
      const { outbox } = fixture.store;
      const firstDue = async () => (await turnOf(fixture, task.id))?.first;
      expect(await firstDue()).toBe(`${task.id}/1/0`);
      const due = (await outbox.claim(task.id, NOON)) ?? [];
      await outbox.settle(due[0]?.id as EffectId, "done");
      expect(await firstDue()).toBe(`${task.id}/1/1`);
      await fixture.store.tasks.commit(nextCommit(task, 1), {
        kind: "effect",
        id: due[1]?.id as EffectId,
        outcome: "done",
      });
      expect(await firstDue()).toBeUndefined();
      await outbox.release(task.id);
    });

    test("a task that is named as known already has no turn", async () => {
      const task = sampleTask(fixture.nextIssue());
      await fixture.store.tasks.commit(openingCommit(task, [{ kind: "mirror" }]), NOTHING);
      expect(await turnOf(fixture, task.id)).toBeDefined();
      const others = await fixture.store.outbox.turns(NOON, [task.id]);
      expect(others.map((turn) => turn.task)).not.toContain(task.id);
    });

    test("an installation with very many waiting keeps none of another's from showing", async () => {
      const fresh = await openStore(await fixture.under.scratchLocation());
      try {
        const crowd = Array.from({ length: 700 }, (_, index) => sampleTask(index + 1));
        const late = sampleTask(701, { tenant: 9 as TenantId });
        const commitAt = (task: Task, at: string) => {
          const commit = openingCommit(task, [{ kind: "mirror" }]);
          return fresh.tasks.commit({ ...commit, meta: { ...commit.meta, at } }, NOTHING);
        };
        await Promise.all(crowd.map((task) => commitAt(task, "2026-03-01T11:00:00.000Z")));
        await commitAt(late, "2026-03-01T11:59:00.000Z");
        const turns = await fresh.outbox.turns(NOON, []);
        expect(turns.length).toBeLessThan(700);
        expect(turns.at(-1)).toEqual({ first: `${late.id}/1/0`, task: late.id, tenant: 9 });
        const known = crowd.slice(0, 650).map(({ id }) => id);
        expect(await fresh.outbox.turns(NOON, known)).toHaveLength(51);
      } finally {
        await fresh.close();
      }
    });

    test("many installations that wait for timers alone take nothing of the share of one that is busy", async () => {
      const fresh = await openStore(await fixture.under.scratchLocation());
      try {
        const idle = Array.from({ length: 60 }, (_, index) =>
          sampleTask(index + 1, { tenant: (100 + index) as TenantId }),
        );
        const busy = Array.from({ length: 40 }, (_, index) => sampleTask(index + 101));
        const timer = { kind: "wake", notBefore: "2026-03-01T13:00:00.000Z" } as const;
        await Promise.all([
          ...idle.map((task) => fresh.tasks.commit(openingCommit(task, [timer]), NOTHING)),
          ...busy.map((task) => fresh.tasks.commit(openingCommit(task, [{ kind: "mirror" }]), NOTHING)),
        ]);
        const turns = await fresh.outbox.turns(NOON, []);
        expect(turns.map(({ task }) => task).sort()).toEqual(busy.map(({ id }) => id).sort());
      } finally {
        await fresh.close();
      }
    });

    test("an effect leaves only with its result: one that was being run when the process ended comes again", async () => {
      const task = sampleTask(fixture.nextIssue());
      await fixture.store.tasks.commit(openingCommit(task, [{ kind: "mirror" }]), NOTHING);
      expect(await fixture.dueEffects(task.id)).toHaveLength(1);
      await fixture.reopen();
      const [again] = await fixture.dueEffects(task.id);
      expect(again?.effect).toEqual({ kind: "mirror" });
      await fixture.store.outbox.settle(again?.id as EffectId, "Mirrored.");
      await fixture.reopen();
      expect(await fixture.dueEffects(task.id)).toEqual([]);
    });

    test("a postponed effect comes again at its time, and its failures are counted, but not its waits", async () => {
      const task = sampleTask(fixture.nextIssue());
      await fixture.store.tasks.commit(openingCommit(task, [{ kind: "mirror" }]), NOTHING);
      const { outbox } = fixture.store;
      const [effect] = (await outbox.claim(task.id, NOON)) ?? [];
      const until = new Date(NOON.getTime() + 60_000);
      await outbox.postpone(effect?.id as EffectId, { until, why: "No such rule.", isFailure: true });
      await outbox.release(task.id);
      expect(await outbox.claim(task.id, NOON)).toEqual([]);
      await outbox.release(task.id);
      const later = await outbox.claim(task.id, until);
      expect(later?.map(({ id, failures }) => ({ id, failures }))).toEqual([{ id: effect?.id, failures: 1 }]);
      await outbox.postpone(effect?.id as EffectId, { until, why: "GitHub is away.", isFailure: false });
      await outbox.release(task.id);
      expect(await outbox.claim(task.id, until)).toMatchObject([{ id: effect?.id, failures: 1 }]);
      await outbox.release(task.id);
    });

    test("a timer is due at its time and not before, and the next time is known", async () => {
      const fresh = await openStore(await fixture.under.scratchLocation());
      try {
        expect(await fresh.outbox.nextDueAfter(NOON)).toBeNull();
        const task = sampleTask(1);
        const notBefore = "2026-03-01T12:01:30.000Z";
        await fresh.tasks.commit(openingCommit(task, [{ kind: "wake", notBefore }]), NOTHING);
        expect(await fresh.outbox.nextDueAfter(NOON)).toEqual(new Date(notBefore));
        expect(await fresh.outbox.turns(new Date("2026-03-01T12:01:29.999Z"), [])).toEqual([]);
        expect(await fresh.outbox.turns(new Date(notBefore), [])).toHaveLength(1);
        // What is due is looked at, not waited for.
        expect(await fresh.outbox.nextDueAfter(new Date(notBefore))).toBeNull();
      } finally {
        await fresh.close();
      }
    });
  });
}

async function turnOf(fixture: StoreFixture, task: TaskId): Promise<Turn | undefined> {
  const turns = await fixture.store.outbox.turns(NOON, []);
  return turns.find((turn) => turn.task === task);
}
