import { expect, test, vi } from "vitest";

import { ConcurrencyGroups, type ConcurrencyClaim } from "./concurrency-groups.ts";
import { JobSlots } from "./job-slots.ts";

const never = new AbortController().signal;

function claim(changes: Partial<ConcurrencyClaim> = {}): ConcurrencyClaim {
  return { repositoryId: 1, group: "deploy", cancelInProgress: false, onPreempted: vi.fn(), ...changes };
}

test("the first claim enters; the next waits until it leaves", async () => {
  const groups = new ConcurrencyGroups();
  const first = await groups.enter(claim(), never);
  const second = groups.enter(claim({ group: "DEPLOY" }), never);
  let entered = false;
  void second.then(() => (entered = true));
  await Promise.resolve();
  expect(entered).toBe(false);
  if (first.kind === "entered") first.leave();
  expect((await second).kind).toBe("entered");
});

test("a newer claim cancels the pending one and leaves the holder alone", async () => {
  const groups = new ConcurrencyGroups();
  const holder = claim();
  await groups.enter(holder, never);
  const pending = groups.enter(claim(), never);
  void groups.enter(claim(), never);
  expect(await pending).toEqual({ kind: "cancelled" });
  expect(holder.onPreempted).not.toHaveBeenCalled();
});

test("cancel-in-progress asks the holder to go", async () => {
  const groups = new ConcurrencyGroups();
  const holder = claim();
  const held = await groups.enter(holder, never);
  const next = groups.enter(claim({ cancelInProgress: true }), never);
  expect(holder.onPreempted).toHaveBeenCalledOnce();
  if (held.kind === "entered") held.leave();
  expect((await next).kind).toBe("entered");
});

test("groups of repositories are apart, and who gives up does not block", async () => {
  const groups = new ConcurrencyGroups();
  const held = await groups.enter(claim(), never);
  expect((await groups.enter(claim({ repositoryId: 2 }), never)).kind).toBe("entered");
  const abort = new AbortController();
  const impatient = groups.enter(claim(), abort.signal);
  abort.abort();
  expect(await impatient).toEqual({ kind: "cancelled" });
  if (held.kind === "entered") held.leave();
  expect((await groups.enter(claim(), never)).kind).toBe("entered");
});

test("slots are given in order, and not to those who gave up", async () => {
  const slots = new JobSlots(1);
  const release = await slots.take(never);
  const abort = new AbortController();
  const impatient = slots.take(abort.signal);
  const patient = slots.take(never);
  abort.abort();
  expect(await impatient).toBeNull();
  release?.();
  release?.();
  expect(await patient).not.toBeNull();
});
