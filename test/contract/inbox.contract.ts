import { describe, expect, test } from "vitest";
import { sampleDelivery } from "./sample-task.ts";
import type { StoreFixture } from "./store-fixture.ts";

export function describeInbox(fixture: StoreFixture): void {
  describe("the inbox", () => {
    test("deliveries are worked on in the order in which they came, with the bytes that were signed", async () => {
      const deliveries = ["first", "second", "third"].map((id) =>
        sampleDelivery(id, `{ "id":"${id}", "é": 1 }`),
      );
      await Promise.all(deliveries.map((delivery) => fixture.store.inbox.store(delivery)));
      const pending = (await fixture.store.inbox.pending(10_000)).filter(({ id }) =>
        deliveries.some((delivery) => delivery.id === id),
      );
      expect(pending).toEqual(deliveries);
    });

    test("a delivery that came before is a duplicate, even when both come at once", async () => {
      const first = sampleDelivery("came-twice");
      const answers = await Promise.all([1, 2, 3, 4].map(() => fixture.store.inbox.store(first)));
      expect(answers.sort()).toEqual(["duplicate", "duplicate", "duplicate", "stored"]);
      expect(await fixture.store.inbox.store(sampleDelivery("came-twice", "another body"))).toBe("differs");
      const pending = (await fixture.store.inbox.pending(10_000)).filter(({ id }) => id === "came-twice");
      expect(pending).toEqual([first]);
    });

    test("a settled delivery is not pending, and still a duplicate when it comes again", async () => {
      const delivery = sampleDelivery("settled");
      await fixture.store.inbox.store(delivery);
      await fixture.store.inbox.settle(delivery.id, "Nothing to do: \u0000.");
      expect((await fixture.store.inbox.pending(10_000)).map(({ id }) => id)).not.toContain("settled");
      expect(await fixture.store.inbox.store(delivery)).toBe("duplicate");
    });

    test("large and small bodies are stored whole", async () => {
      const bodies = [0, 1, 100_000, 9_000_000].map((size) => Buffer.alloc(size, size % 251));
      const deliveries = bodies.map((body) => ({ ...sampleDelivery(`sized-${body.byteLength}`), body }));
      await Promise.all(deliveries.map((delivery) => fixture.store.inbox.store(delivery)));
      const stored = new Map((await fixture.store.inbox.pending(10_000)).map(({ id, body }) => [id, body]));
      for (const { id, body } of deliveries)
        expect(body.equals(stored.get(id) ?? Buffer.from("?"))).toBe(true);
    });
  });
}
