import { describe, expect, it } from "vitest";

import type { Hub } from "../hub.ts";
import { withRepositoryLock, withRepositoryLocks } from "./repository-lock.ts";

/** The lock only tells hubs apart; it asks nothing of them. */
function someHub(): Hub {
  return {} as Hub;
}

describe("repository locks", () => {
  it("let one holder in at a time, in the order of asking, past failures", async () => {
    const hub = someHub();
    const steps: string[] = [];
    const hold = (name: string, fails = false) =>
      withRepositoryLock(hub, 1, async () => {
        steps.push(`${name} begins`);
        await Promise.resolve();
        steps.push(`${name} ends`);
        if (fails) throw new Error(name);
      });
    const outcomes = await Promise.allSettled([hold("a"), hold("b", true), hold("c")]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(steps).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  it("of different repositories and hubs do not wait for each other", async () => {
    const hub = someHub();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = withRepositoryLock(hub, 1, () => held);
    expect(await withRepositoryLock(hub, 2, () => Promise.resolve("other repository"))).toBe(
      "other repository",
    );
    expect(await withRepositoryLock(someHub(), 1, () => Promise.resolve("other hub"))).toBe("other hub");
    release();
    await first;
  });

  it("of several repositories are never held crosswise", async () => {
    const hub = someHub();
    const both = (ids: number[]) => withRepositoryLocks(hub, ids, () => Promise.resolve(ids.join()));
    expect(await Promise.all([both([1, 2]), both([2, 1]), both([1, 1])])).toEqual(["1,2", "2,1", "1,1"]);
  });
});
