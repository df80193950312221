import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { sha256Hex } from "../../src/adapters/postgres/chain-events.ts";
import type { StoreLocation } from "../../src/adapters/postgres/open-store.ts";
import { openStore } from "../../src/adapters/postgres/open-store.ts";
import type { TaskId } from "../../src/base/ids.ts";
import { verifyChain } from "../../src/core/audit/verify-chain.ts";
import type { Store } from "../../src/ports/task-store.ts";
import { dueEffects } from "../support/due-effects.ts";

const PROGRAM = fileURLToPath(new URL("./commit-until-killed.ts", import.meta.url));

type Acknowledged = {
  readonly task?: TaskId;
  readonly version?: number;
  readonly delivery?: string;
  readonly settled?: string;
};

/** What the program had been told is stored when it was killed. */
type Promised = {
  readonly versions: ReadonlyMap<TaskId, number>;
  readonly deliveries: ReadonlySet<string>;
  readonly settled: ReadonlySet<string>;
};

/** Kills a program in the middle of its commits, several times over, and looks for what it was promised. */
export function testSigkill(freshLocation: () => Promise<StoreLocation>): void {
  test("SIGKILL in the middle of many commits loses nothing that was acknowledged", async () => {
    const location = await freshLocation();
    for (const [round, lines] of [40, 150].entries()) {
      const promised = await killAfter(lines, location, round * 100 + 1);
      const store = await openStore(location);
      try {
        await expectKept(store, promised);
      } finally {
        await store.close();
      }
    }
  });
}

async function killAfter(count: number, location: StoreLocation, firstIssue: number): Promise<Promised> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(location), String(firstIssue)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const lines: Acknowledged[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(JSON.parse(line) as Acknowledged);
    // What is still in the pipe was acknowledged as well, so that reading goes on to its end.
    if (lines.length === count) child.kill("SIGKILL");
  }
  expect(await exited).toEqual([null, "SIGKILL"]);
  return promisedBy(lines);
}

function promisedBy(lines: readonly Acknowledged[]): Promised {
  const versions = new Map<TaskId, number>();
  for (const { task, version } of lines) if (task && version) versions.set(task, version);
  return {
    versions,
    deliveries: new Set(lines.flatMap(({ delivery }) => delivery ?? [])),
    settled: new Set(lines.flatMap(({ settled }) => settled ?? [])),
  };
}

async function expectKept(store: Store, promised: Promised): Promise<void> {
  const pending = new Set<string>((await store.inbox.pending(10_000)).map(({ id }) => id));
  const effects = await dueEffects(store.outbox, new Date("2026-03-01T12:00:00.000Z"));
  for (const [task, version] of promised.versions) {
    const loaded = await store.tasks.load(task);
    expect(loaded?.version).toBeGreaterThanOrEqual(version);
    const history = await store.tasks.history(task);
    expect(history).toHaveLength(loaded?.version ?? -1);
    expect(verifyChain(history, sha256Hex).ok).toBe(true);
    // Each commit but the first left one effect: all or nothing of it was stored.
    expect(effects.filter((effect) => effect.task === task)).toHaveLength(history.length - 1);
  }
  for (const id of promised.settled) expect(pending.has(id)).toBe(false);
  for (const id of promised.deliveries) {
    const version = Number(id.slice(id.lastIndexOf("-") + 1));
    const task = id.slice(0, id.lastIndexOf("-")) as TaskId;
    // Stored: pending, or settled with the event that it led to.
    if (!pending.has(id)) expect((await store.tasks.load(task))?.version).toBeGreaterThan(version);
  }
}
