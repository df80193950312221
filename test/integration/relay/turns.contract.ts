import { describe, expect, test } from "vitest";
import type { EffectId, LeaseId, TaskId } from "../../../src/base/ids.ts";
import type { Effect } from "../../../src/core/task/effect.ts";
import { GitHubUnavailable } from "../../../src/ports/github-unavailable.ts";
import type { PendingEffect } from "../../../src/ports/task-store.ts";
import { nextCommit } from "../../contract/sample-task.ts";
import { waitFor } from "../../support/wait-for.ts";
import { LeapingClock } from "./leaping-clock.ts";
import type { TransportUnderTest } from "./turns-fixture.ts";
import { DONE, TurnsFixture } from "./turns-fixture.ts";

const LABEL: Effect = { kind: "remove-trigger-label" };
const MIRROR: Effect = { kind: "mirror" };
const START = "2026-03-01T12:00:00.000Z";

/** What every way of bringing turns to workers must hold to. */
export function describeTurns(name: string, under: TransportUnderTest): void {
  describe(name, () => {
    const fixture = new TurnsFixture(under);

    test("the effects of each task run in their order, one after the other, tasks side by side", async () => {
      const store = await fixture.openStore();
      const count = 60;
      const tasks = await Promise.all(
        [1, 2, 3].map((tenant) => fixture.addTask(store, Array<Effect>(count).fill(LABEL), tenant)),
      );
      const ran = new Map<TaskId, EffectId[]>(tasks.map(({ id }) => [id, []]));
      const running = new Set<TaskId>();
      let most = 0;
      fixture.play(store, {
        run: async ({ id, task }) => {
          expect(running.has(task)).toBe(false);
          running.add(task);
          most = Math.max(most, running.size);
          // The first of each task waits for those of the others, however late they are begun.
          if (ran.get(task)?.length === 0) await waitFor(() => expect(most).toBe(3));
          await new Promise(setImmediate);
          running.delete(task);
          ran.get(task)?.push(id);
          return DONE;
        },
      });
      await waitFor(async () => expect(await store.outbox.turns(new Date(), [])).toEqual([]));
      for (const { id } of tasks) {
        expect(ran.get(id)).toEqual(Array.from({ length: count }, (_, ordinal) => `${id}/1/${ordinal}`));
      }
      expect(most).toBe(3);
    });

    test("no more run at once than this process may, and no more of an installation than its share", async () => {
      const store = await fixture.openStore();
      for (const tenant of [1, 2, 3, 4]) {
        for (let task = 0; task < 6; task++) await fixture.addTask(store, [LABEL], tenant);
      }
      const crowd = new Crowd();
      fixture.play(store, { run: crowd.run, atOnce: 5, perTenant: 2 });
      for (let left = 24; left > 0; left--) {
        await waitFor(() => expect(crowd.waiting.length).toBe(Math.min(left, 5)));
        crowd.letOneGo();
      }
      expect(crowd.most).toBe(5);
      expect(crowd.mostOfOneTenant).toBe(2);
    });

    test("an installation with thousands waiting keeps no place that another has a use for", async () => {
      const store = await fixture.openStore();
      await Promise.all(Array.from({ length: 2_000 }, () => fixture.addTask(store, [LABEL], 1)));
      await Promise.all(Array.from({ length: 20 }, () => fixture.addTask(store, [LABEL], 2)));
      const crowd = new Crowd();
      fixture.play(store, { run: crowd.run, atOnce: 4, perTenant: 3 });
      await waitFor(() => expect(crowd.waiting.length).toBe(4));
      const late = await fixture.addTask(store, [LABEL], 3);
      // Each that ends makes room for the installation that has the fewest under way.
      await waitFor(() => {
        if (crowd.waiting.length === 4) crowd.letOneGo();
        expect(crowd.waiting.map(({ task }) => task)).toContain(late.id);
      });
      expect(crowd.gone).toBeLessThan(40);
      crowd.letAllGo();
    });

    test("mirrors that wait behind one another are rendered once", async () => {
      const store = await fixture.openStore();
      const task = await fixture.addTask(store, [MIRROR, LABEL, MIRROR, MIRROR]);
      const ran: string[] = [];
      fixture.play(store, {
        run: async ({ effect }) => {
          ran.push(effect.kind);
          return DONE;
        },
      });
      await waitFor(async () => expect(await store.outbox.turns(new Date(), [])).toEqual([]));
      expect(ran).toEqual(["mirror", "remove-trigger-label"]);
      expect(await store.outbox.claim(task.id, new Date())).toEqual([]);
    });

    test("an effect that is put off runs at its time, and those behind it do not wait for it", async () => {
      const store = await fixture.openStore();
      await fixture.addTask(store, [LABEL, { kind: "cancel-run", runId: 1 }]);
      const clock = new LeapingClock(START);
      const ran: string[] = [];
      fixture.play(store, {
        clock,
        run: async ({ effect }) => {
          ran.push(`${effect.kind} at ${clock.now().toISOString()}`);
          const until = new Date("2026-03-01T13:00:00.000Z");
          return ran.length === 1 ? { kind: "later", until, why: "Not yet." } : DONE;
        },
      });
      await waitFor(() => expect(ran).toHaveLength(3));
      expect(ran).toEqual([
        expect.stringContaining("remove-trigger-label"),
        expect.stringContaining("cancel-run"),
        expect.stringContaining("remove-trigger-label at 2026-03-01T13:00"),
      ]);
    });

    test("an effect that fails for a reason of its own is given up, after whoever waits for it was told", async () => {
      const store = await fixture.openStore();
      const task = await fixture.addTask(store, [{ kind: "merge", sha: "a" }]);
      const clock = new LeapingClock(START);
      let tries = 0;
      const told: string[] = [];
      fixture.play(store, {
        clock,
        run: async () => {
          tries += 1;
          throw new Error("No such rule.");
        },
        abandon: async (effect, why) => void told.push(`${effect.id}: ${why}`),
      });
      await waitFor(() => expect(told).toEqual([`${task.id}/1/0: No such rule.`]));
      await waitFor(async () => expect(await store.outbox.turns(clock.now(), [])).toEqual([]));
      expect(tries).toBe(12);
      // Waits that double from a second to ten minutes.
      expect(clock.now().getTime() - Date.parse(START)).toBeGreaterThan(20 * 60_000);
    });

    test("an outage of GitHub is waited out, however long it lasts", async () => {
      const store = await fixture.openStore();
      await fixture.addTask(store, [MIRROR]);
      let tries = 0;
      fixture.play(store, {
        clock: new LeapingClock(START),
        run: async () => {
          if (++tries <= 40) throw new GitHubUnavailable("GitHub answered 503.");
          return DONE;
        },
      });
      await waitFor(() => expect(tries).toBe(41));
    });

    test("after an outage of GitHub, a failure of another kind is the first", async () => {
      const store = await fixture.openStore();
      await fixture.addTask(store, [MIRROR]);
      let tries = 0;
      const told: string[] = [];
      fixture.play(store, {
        clock: new LeapingClock(START),
        run: async () => {
          if (++tries <= 15) throw new GitHubUnavailable("GitHub answered 503.");
          if (tries === 16) throw new Error("A hiccup.");
          return DONE;
        },
        abandon: async (_effect, why) => void told.push(why),
      });
      await waitFor(() => expect(tries + told.length).toBe(17));
      expect(told).toEqual([]);
    });

    test("a lease that was found alive many times is still looked after when the look fails", async () => {
      const store = await fixture.openStore();
      await fixture.addTask(store, [{ kind: "expire-lease", lease: "L-1" as LeaseId, notBefore: START }]);
      const clock = new LeapingClock(START);
      let tries = 0;
      fixture.play(store, {
        clock,
        run: async () => {
          tries += 1;
          const until = new Date(clock.now().getTime() + 60_000);
          if (tries <= 20) return { kind: "later", until, why: "The lease's holder is alive." };
          if (tries === 21) throw new Error("The store was away.");
          return DONE;
        },
      });
      await waitFor(() => expect(tries).toBe(22));
    });

    test("what comes for a task while its turn is under way, or becomes due then, runs after it", async () => {
      const store = await fixture.openStore();
      const soon = new Date(Date.now() + 1_000).toISOString();
      const task = await fixture.addTask(store, [LABEL, { kind: "wake", notBefore: soon }]);
      const crowd = new Crowd();
      fixture.play(store, { run: crowd.run });
      await waitFor(() => expect(crowd.waiting).toHaveLength(1));
      await store.tasks.commit(nextCommit(task, 1, { effects: [LABEL] }), { kind: "none" });
      // Another task's look passes over the one whose turn is under way, after the timer's time as well.
      await waitFor(() => expect(new Date().toISOString() > soon).toBe(true));
      await fixture.addTask(store, [LABEL]);
      await waitFor(() => expect(crowd.waiting).toHaveLength(2));
      crowd.letAllGo();
      await waitFor(() => expect(crowd.gone).toBe(4));
    });

    test("stopping takes no new effect, waits for the one under way, and leaves the rest for the next start", async () => {
      const store = await fixture.openStore();
      const task = await fixture.addTask(store, [LABEL, LABEL, LABEL]);
      const crowd = new Crowd();
      const stop = fixture.play(store, { run: crowd.run });
      await waitFor(() => expect(crowd.waiting).toHaveLength(1));
      let isStopped = false;
      const stopped = stop().then(() => (isStopped = true));
      await fixture.addTask(store, [LABEL]);
      expect(isStopped).toBe(false);
      crowd.letAllGo();
      await stopped;
      expect(crowd.gone).toBe(1);
      const left = await store.outbox.claim(task.id, new Date());
      expect(left?.map(({ id }) => id)).toEqual([`${task.id}/1/1`, `${task.id}/1/2`]);
      await store.outbox.release(task.id);
      const ran: EffectId[] = [];
      fixture.play(store, {
        run: async ({ id }) => {
          ran.push(id);
          return DONE;
        },
      });
      await waitFor(() => expect(ran).toHaveLength(3));
    });
  });
}

/** Effects that run until the test lets them go. */
class Crowd {
  readonly waiting: { readonly task: TaskId; readonly tenant: number; readonly go: () => void }[] = [];
  gone = 0;
  most = 0;
  mostOfOneTenant = 0;
  #isOpen = false;

  readonly run = async ({ task, tenant }: PendingEffect) => {
    if (!this.#isOpen) {
      await new Promise<void>((go) => {
        this.waiting.push({ task, tenant, go });
        this.most = Math.max(this.most, this.waiting.length);
        const same = this.waiting.filter((other) => other.tenant === tenant);
        this.mostOfOneTenant = Math.max(this.mostOfOneTenant, same.length);
      });
    }
    this.gone += 1;
    return DONE;
  };

  letOneGo(): void {
    this.waiting.shift()?.go();
  }

  letAllGo(): void {
    this.#isOpen = true;
    for (const { go } of this.waiting.splice(0)) go();
  }
}
