import { expect, test } from "vitest";
import { waitFor } from "../../../test/support/wait-for.ts";
import type { EffectId, TaskId, TenantId } from "../../base/ids.ts";
import type { Outbox, Turn } from "../../ports/task-store.ts";
import { startRelay } from "./relay.ts";

const HAS_MUCH = 1 as TenantId;
const HAS_LITTLE = 2 as TenantId;

function turn(tenant: TenantId, name: string): Turn {
  return { first: `${name}/1/0` as EffectId, task: name as TaskId, tenant };
}

test("a tenant of which a look saw only some is looked at again, though another has its share in hand for long", async () => {
  const little = ["a", "b", "c", "d", "e"].map((name) => turn(HAS_LITTLE, name));
  const much = ["x", "y", "z"].map((name) => turn(HAS_MUCH, name));
  const done = new Set<TaskId>();
  const outbox: Partial<Outbox> = {
    async turns(_now, besides) {
      const isWaiting = ({ task }: Turn): boolean => !done.has(task) && !besides.includes(task);
      return [...much.filter(isWaiting), ...little.filter(isWaiting).slice(0, 2)];
    },
    nextDueAfter: async () => null,
  };
  const ends: (() => void)[] = [];
  const relay = startRelay({
    outbox: outbox as Outbox,
    transport: {
      isShared: false,
      carry: async ({ task, tenant }) => {
        if (tenant === HAS_MUCH) await new Promise<void>((end) => ends.push(end));
        done.add(task);
        return "all-done";
      },
      stop: async () => undefined,
    },
    clock: { now: () => new Date(), waitUntil: () => new Promise(() => undefined) },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    limits: { inAll: 10, perTenant: 2 },
  });
  await waitFor(() => expect([...done]).toEqual(little.map(({ task }) => task)));
  expect(ends).toHaveLength(2);
  await relay.stop();
});
