import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { StoreLocation } from "../../src/adapters/postgres/open-store.ts";
import { openStore } from "../../src/adapters/postgres/open-store.ts";
import type { Store } from "../../src/ports/task-store.ts";
import { dueEffects } from "../support/due-effects.ts";
import type { Acknowledged, Promised } from "./promised.ts";
import { findLosses, promisedBy } from "./promised.ts";

const PROGRAM = fileURLToPath(new URL("./commit-until-killed.ts", import.meta.url));

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

async function expectKept(store: Store, promised: Promised): Promise<void> {
  expect(await findLosses(store, promised)).toEqual([]);
  const effects = await dueEffects(store.outbox, new Date("2026-03-01T12:00:00.000Z"));
  for (const task of promised.versions.keys()) {
    const history = await store.tasks.history(task);
    // Each commit but the first left one effect: all or nothing of it was stored.
    expect(effects.filter((effect) => effect.task === task)).toHaveLength(history.length - 1);
  }
}
