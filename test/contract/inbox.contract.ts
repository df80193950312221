import type { DeliveryId } from "../../src/base/ids.ts";
import { describe, expect, test } from "vitest";
import { giveUpBodies } from "../../src/adapters/postgres/keep-bodies.ts";
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

    test("a small delivery does not overtake a large one that came before it", async () => {
      const large = sampleDelivery("came-first", JSON.stringify("x".repeat(4_000_000)));
      const first = fixture.store.inbox.store(large);
      // In a turn of the event loop of its own, so that the two are not stored together.
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      await Promise.all([first, fixture.store.inbox.store(sampleDelivery("came-second"))]);
      const ids = (await fixture.store.inbox.pending(10_000)).map(({ id }) => id as string);
      expect(ids.filter((id) => id.startsWith("came-"))).toEqual(["came-first", "came-second"]);
      for (const id of ["came-first", "came-second"])
        await fixture.store.inbox.settle(id as DeliveryId, "read");
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

    test("of an old body its digest is kept: no delivery is given up before it is settled, nor forgotten", async () => {
      const old = (id: string) => ({ ...sampleDelivery(id), receivedAt: "2020-01-01T00:00:00.000Z" });
      const settled = Array.from({ length: 250 }, (_, index) => old(`old-${index}`));
      const { store } = fixture;
      await Promise.all([...settled, old("old-pending")].map((delivery) => store.inbox.store(delivery)));
      await Promise.all(settled.map(({ id }) => store.inbox.settle(id, "Done.")));
      await fixture.reopen(async (database) => {
        await giveUpBodies(database, new Date("2020-01-02T00:00:00.000Z"), () => false);
        const text = "SELECT count(*) AS given_up FROM delivery WHERE body = '' AND id LIKE 'old-%'";
        expect(await database.query({ name: "count_given_up", text })).toEqual([{ given_up: 250 }]);
      });
      const { inbox } = fixture.store;
      expect(await inbox.store(old("old-7"))).toBe("duplicate");
      expect(await inbox.store(sampleDelivery("old-7", "another body"))).toBe("differs");
      expect(await inbox.pending(10_000)).toContainEqual(old("old-pending"));
    });

    test("what is read at once fits in memory, and leaves out what the reader has already", async () => {
      const { inbox } = fixture.store;
      const known = new Set((await inbox.pending(10_000)).map(({ id }) => id));
      const large = ["one", "two", "three"].map((name) => ({
        ...sampleDelivery(`large-${name}`),
        body: Buffer.alloc(20_000_000, name),
      }));
      for (const delivery of large) await inbox.store(delivery);
      const idsOf = (deliveries: readonly { readonly id: string }[]) => deliveries.map(({ id }) => id);
      expect(idsOf(await inbox.pending(10, known))).toEqual(["large-one", "large-two"]);
      for (const { id } of large.slice(0, 2)) known.add(id);
      expect(idsOf(await inbox.pending(10, known))).toEqual(["large-three"]);
      await Promise.all(large.map(({ id }) => inbox.settle(id, "Done.")));
      expect(await inbox.pending(10, known)).toEqual([]);
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
