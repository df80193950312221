import { afterEach, expect, test } from "vitest";
import type { EffectId, LeaseId, TaskId, TenantId } from "../../base/ids.ts";
import type { Effect } from "../../core/task/effect.ts";
import type { Clock } from "../../ports/clock.ts";
import { GitHubUnavailable } from "../../ports/github-unavailable.ts";
import type { Log } from "../../ports/log.ts";
import type { Outbox, PendingEffect } from "../../ports/task-store.ts";
import type { EffectRelay, EffectRelayOptions } from "./effect-relay.ts";
import { startEffectRelay } from "./effect-relay.ts";

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Time that passes by being waited for. */
class LeapingClock implements Clock {
  #nowMs = Date.parse("2026-01-01T00:00:00.000Z");

  now(): Date {
    return new Date(this.#nowMs);
  }

  async waitUntil(at: Date, signal: AbortSignal): Promise<void> {
    await new Promise(setImmediate);
    signal.throwIfAborted();
    this.#nowMs = Math.max(this.#nowMs, at.getTime());
  }
}

type Row = PendingEffect & { readonly dueAt: Date };

/** An outbox that keeps its rows in memory and counts how often it was asked when the next is due. */
class MemoryOutbox implements Outbox {
  readonly outcomes = new Map<EffectId, string>();
  readonly #rows = new Map<EffectId, Row>();
  readonly #running = new Set<EffectId>();
  looks = 0;
  onSettled: () => void = () => undefined;

  add(effect: Effect, task: string, failures = 0): EffectId {
    const id = `${task}/${this.#rows.size}` as EffectId;
    const row = { id, task: task as TaskId, tenant: 1 as TenantId, effect, failures, dueAt: new Date(0) };
    this.#rows.set(id, row);
    return id;
  }

  async due(now: Date, limit: number): Promise<readonly PendingEffect[]> {
    const due = this.#free().filter(({ dueAt }) => dueAt <= now);
    for (const { id } of due.slice(0, limit)) this.#running.add(id);
    return due.slice(0, limit);
  }

  async nextDueAt(): Promise<Date | null> {
    this.looks++;
    return this.#free().reduce<Date | null>(
      (first, { dueAt }) => (first && first < dueAt ? first : dueAt),
      null,
    );
  }

  async settle(id: EffectId, outcome: string): Promise<void> {
    this.outcomes.set(id, outcome);
    this.#rows.delete(id);
    this.onSettled();
  }

  async postpone(id: EffectId, until: Date): Promise<void> {
    const row = this.#rows.get(id);
    if (row) this.#rows.set(id, { ...row, dueAt: until, failures: row.failures + 1 });
    this.#running.delete(id);
  }

  #free(): Row[] {
    return [...this.#rows.values()].filter(({ id }) => !this.#running.has(id));
  }
}

let relay: EffectRelay | null = null;

afterEach(async () => {
  await relay?.stop();
  relay = null;
});

/** Runs what is in the outbox until `count` effects are settled. */
async function runUntilSettled(
  outbox: MemoryOutbox,
  count: number,
  { run, abandon = async () => undefined }: Pick<EffectRelayOptions, "run"> & Partial<EffectRelayOptions>,
): Promise<void> {
  await new Promise<void>((resolve) => {
    outbox.onSettled = () => {
      if (outbox.outcomes.size === count) resolve();
    };
    relay = startEffectRelay({ outbox, clock: new LeapingClock(), log: SILENT, run, abandon });
  });
}

const DONE = { kind: "done", outcome: "done" } as const;

test("an effect that fails for a reason of its own is given up, after whoever waits for it was told", async () => {
  const outbox = new MemoryOutbox();
  const id = outbox.add({ kind: "merge", sha: "a" }, "t");
  const told: string[] = [];
  await runUntilSettled(outbox, 1, {
    run: () => Promise.reject(new Error("No such rule.")),
    abandon: async (effect, why) => void told.push(`${effect.id}: ${why}`),
  });
  expect(told).toEqual([`${id}: No such rule.`]);
  expect(outbox.outcomes.get(id)).toMatch(/^Given up after 12 failures: No such rule\.$/);
});

test("an outage of GitHub is waited out, however long it lasts", async () => {
  const outbox = new MemoryOutbox();
  const id = outbox.add({ kind: "mirror" }, "t");
  let tries = 0;
  await runUntilSettled(outbox, 1, {
    run: async () => {
      if (++tries <= 40) throw new GitHubUnavailable("GitHub answered 503.");
      return DONE;
    },
  });
  expect(outbox.outcomes.get(id)).toBe("done");
});

test("a lease that was found alive many times is still looked after when the look fails", async () => {
  const outbox = new MemoryOutbox();
  const effect = {
    kind: "expire-lease",
    lease: "L-1" as LeaseId,
    notBefore: "2026-01-01T00:00:00.000Z",
  } as const;
  const id = outbox.add(effect, "t", 500);
  let tries = 0;
  await runUntilSettled(outbox, 1, {
    run: async () => {
      if (++tries === 1) throw new Error("The store was away.");
      return DONE;
    },
  });
  expect(outbox.outcomes.get(id)).toBe("done");
});

test("effects of one task run in their order, and more than fit in hand keep nobody busy with looking", async () => {
  const outbox = new MemoryOutbox();
  const count = 450;
  const ids = Array.from({ length: count }, () => outbox.add({ kind: "remove-trigger-label" }, "t"));
  const ran: EffectId[] = [];
  await runUntilSettled(outbox, count, {
    run: async ({ id }) => {
      ran.push(id);
      await new Promise(setImmediate);
      return DONE;
    },
  });
  expect(ran).toEqual(ids);
  expect(outbox.looks).toBeLessThan(20);
});
