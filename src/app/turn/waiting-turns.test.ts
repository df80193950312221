import { expect, test } from "vitest";
import type { EffectId, TaskId, TenantId } from "../../base/ids.ts";
import type { Turn } from "../../ports/task-store.ts";
import { WaitingTurns } from "./waiting-turns.ts";

function turn(name: string, tenant: number): Turn {
  return { first: `${name}/1/0` as EffectId, task: name as TaskId, tenant: tenant as TenantId };
}

function takeAll(waiting: WaitingTurns, perTenant: number): readonly string[] {
  const taken: string[] = [];
  for (let next = waiting.take(perTenant); next; next = waiting.take(perTenant)) taken.push(next.task);
  return taken;
}

test("tenants take turns, the one with the oldest first, and none has more than its share", () => {
  const waiting = new WaitingTurns();
  waiting.replace([turn("a1", 1), turn("a2", 1), turn("a3", 1), turn("b1", 2), turn("a4", 1), turn("b2", 2)]);
  expect(takeAll(waiting, 3)).toEqual(["a1", "b1", "a2", "b2", "a3"]);
  expect(waiting.ranOut).toBe(true);
  waiting.giveBack(1 as TenantId);
  expect(takeAll(waiting, 3)).toEqual(["a4"]);
});

test("who has the fewest in hand goes first, however long others have waited", () => {
  const waiting = new WaitingTurns();
  waiting.replace([turn("a1", 1), turn("a2", 1)]);
  expect(takeAll(waiting, 2)).toEqual(["a1", "a2"]);
  waiting.replace([turn("a3", 1), turn("b1", 2)]);
  expect(waiting.take(3)?.task).toBe("b1");
});

test("says when all that was seen of a tenant is handed over, though others still wait", () => {
  const waiting = new WaitingTurns();
  waiting.replace([turn("a1", 1), turn("a2", 1), turn("b1", 2)]);
  waiting.take(1);
  expect(waiting.ranOut).toBe(false);
  expect(waiting.take(1)?.task).toBe("b1");
  expect(waiting.ranOut).toBe(true);
  waiting.replace([turn("a2", 1)]);
  expect(waiting.ranOut).toBe(false);
});
