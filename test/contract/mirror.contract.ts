import { describe, expect, test } from "vitest";
import type { TaskId } from "../../src/base/ids.ts";
import type { Showing } from "../../src/ports/task-store.ts";
import { sampleTask } from "./sample-task.ts";
import type { StoreFixture } from "./store-fixture.ts";

const CHANGED = { always: false };
const ALL = { always: true };

export function describeMirror(fixture: StoreFixture): void {
  describe("what the mirror showed", () => {
    const freshTask = () => sampleTask(fixture.nextIssue()).id;

    test("what was shown so last is not to be shown again, but for one that always shows", async () => {
      const { mirror } = fixture.store;
      const [task, other] = [freshTask(), freshTask()];
      const first = await begun({ label: "pending", comment: "Waits." });
      expect([...first.parts].sort()).toEqual(["comment", "label"]);
      await mirror.end(task, first, { label: "pending", comment: "Waits." });
      expect(await mirror.begin(task, { label: "pending" }, CHANGED)).toBeNull();
      expect(await mirror.begin(other, { label: "pending" }, CHANGED)).not.toBeNull();

      const second = await begun({ label: "pending", comment: "Works.", checks: "red" });
      expect([...second.parts].sort()).toEqual(["checks", "comment"]);
      await mirror.end(task, second, { comment: "Works.", checks: "red" });
      const all = { label: "pending", comment: "Works.", checks: "red" };
      expect(await mirror.begin(task, all, CHANGED)).toBeNull();

      const third = await mirror.begin(task, { label: "pending" }, ALL);
      expect(third?.parts).toEqual(["label"]);
      if (third) await mirror.end(task, third, { label: "pending" });
      expect(await mirror.begin(task, all, CHANGED)).toBeNull();

      async function begun(wanted: Record<string, string>): Promise<Showing> {
        const showing = await mirror.begin(task, wanted, CHANGED);
        if (!showing) throw new Error("There is something to show.");
        return showing;
      }
    });

    test("a part that could not be shown is to be shown again, and nothing but it", async () => {
      const { mirror } = fixture.store;
      const task = freshTask();
      const wanted = { label: "pending", comment: "Waits." };
      const showing = await mirror.begin(task, wanted, CHANGED);
      if (showing) await mirror.end(task, showing, { label: "pending" });
      expect((await mirror.begin(task, wanted, CHANGED))?.parts).toEqual(["comment"]);
    });

    test("nothing is left of a task that is forgotten, whatever is under way", async () => {
      const { mirror } = fixture.store;
      const task = freshTask();
      const late = await mirror.begin(task, { label: "pending" }, CHANGED);
      await mirror.forget(task);
      if (late) await mirror.end(task, late, { label: "pending" });
      expect((await mirror.begin(task, { label: "pending" }, CHANGED))?.parts).toEqual(["label"]);
    });

    test("after a showing that was cut off, the second one that ends is remembered", async () => {
      const { mirror } = fixture.store;
      const task = freshTask();
      const show = async () => {
        const showing = await mirror.begin(task, { label: "pending" }, CHANGED);
        if (showing) await mirror.end(task, showing, { label: "pending" });
        return showing !== null;
      };
      await mirror.begin(task, { label: "blocked" }, CHANGED);
      expect([await show(), await show(), await show()]).toEqual([true, true, false]);
    });

    test("however showings overlap, and wherever one is cut off, only what GitHub has is remembered", async () => {
      const lengths = [
        ...[1, 2, 3].flatMap((a) => [1, 2, 3].map((b) => ({ a, b }))),
        { a: 3, b: 3, c: 3 },
        { a: 3, b: 3, c: 2 },
        { a: 3, b: 2, c: 3 },
      ];
      await Promise.all(lengths.flatMap(interleavings).map(expectTruth));
    });

    async function expectTruth(order: string): Promise<void> {
      const first = await play(order);
      const [wrong, ...others] = [...new Set(order)].filter((label) => label !== first.onGitHub);
      await expectNotRemembered(first.task, wrong);
      // To ask is to forget what differs, so each is asked for after a play of its own.
      for (const label of others) await expectNotRemembered((await play(order)).task, label);

      async function expectNotRemembered(task: TaskId, label = "") {
        const begun = await fixture.store.mirror.begin(task, { label }, CHANGED);
        expect([order, begun?.parts]).toEqual([order, ["label"]]);
      }
    }

    /** Showings of one task, each named by the label that it shows, whose steps are taken in this order. */
    async function play(order: string) {
      const { mirror } = fixture.store;
      const task = freshTask();
      let onGitHub = "";
      const showings = new Map([...new Set(order)].map((label) => [label, stepsOf(label)]));
      for (const label of order) await showings.get(label)?.next();
      return { task, onGitHub };

      async function* stepsOf(label: string) {
        const showing = await mirror.begin(task, { label }, CHANGED);
        yield;
        onGitHub = label;
        yield;
        if (showing) await mirror.end(task, showing, { label });
      }
    }
  });
}

/**
 * All orders of so many steps of each, in which those begin in the order of their names: of { a: 2, b: 1 } they are "aab"
 * and "aba".
 */
function interleavings(steps: Readonly<Record<string, number>>): readonly string[] {
  const names = Object.keys(steps);
  const orders = (left: Readonly<Record<string, number>>): readonly string[] => {
    const next = names.filter((name) => (left[name] ?? 0) > 0);
    if (next.length === 0) return [""];
    return next.flatMap((name) =>
      orders({ ...left, [name]: (left[name] ?? 0) - 1 }).map((order) => name + order),
    );
  };
  return orders(steps).filter((order) => [...new Set(order)].join() === names.join());
}
