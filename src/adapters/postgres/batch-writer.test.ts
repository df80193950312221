import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { StoreOverloaded } from "../../ports/store-overloaded.ts";
import { BatchWriter } from "./batch-writer.ts";

type Item = { readonly key: string; readonly text: string; readonly weight?: number };

/** A writer whose batches are finished by the test. */
function heldWriter(parallel = 1) {
  const batches: { readonly texts: readonly string[]; finish(): void; fail(error: Error): void }[] = [];
  const writer = new BatchWriter<Item, string>({
    keyOf: (item) => item.key,
    weightOf: (item) => item.weight ?? 1,
    blamesItems: (error) => error instanceof SyntaxError,
    parallel,
    write: (items) =>
      new Promise((resolve, reject) => {
        const texts = items.map((item) => item.text);
        batches.push({ texts, finish: () => resolve(texts.map((text) => `wrote ${text}`)), fail: reject });
      }),
  });
  const submit = (text: string, key = text, weight = 1) => writer.submit({ key, text, weight });
  return { writer, submit, batches, texts: () => batches.map((batch) => batch.texts) };
}

/** Lets all that can go on without a batch being finished go on. */
async function settle(): Promise<void> {
  // What one turn of the event loop finishes, the next one writes.
  await setImmediate();
  await setImmediate();
}

describe("what stands in a batch", () => {
  test("an item that comes alone is written at once", async () => {
    const { submit, batches } = heldWriter();
    const outcome = submit("a");
    await settle();
    batches[0]?.finish();
    expect(await outcome).toBe("wrote a");
  });

  test("what comes in one turn of the event loop is one batch", async () => {
    const { submit, texts } = heldWriter();
    void submit("a");
    await Promise.resolve();
    void submit("b");
    await settle();
    expect(texts()).toEqual([["a", "b"]]);
  });

  test("what queues up while a batch is being written is the next batch", async () => {
    const { submit, batches, texts } = heldWriter();
    void submit("a");
    await settle();
    const later = ["b", "c", "d"].map((text) => submit(text));
    await settle();
    expect(texts()).toEqual([["a"]]);
    batches[0]?.finish();
    await settle();
    expect(texts()).toEqual([["a"], ["b", "c", "d"]]);
    batches[1]?.finish();
    expect(await Promise.all(later)).toEqual(["wrote b", "wrote c", "wrote d"]);
  });

  test("items of one key wait for each other, in their order, and nobody else waits for them", async () => {
    const { submit, batches, texts } = heldWriter();
    void submit("a1", "a");
    void submit("a2", "a");
    void submit("a3", "a");
    void submit("b1", "b");
    await settle();
    batches[0]?.finish();
    await settle();
    batches[1]?.finish();
    await settle();
    expect(texts()).toEqual([["a1", "b1"], ["a2"], ["a3"]]);
  });

  test("as many batches are written at the same time as the plan says, never two with one key", async () => {
    const { submit, batches, texts } = heldWriter(2);
    void submit("a1", "a");
    await settle();
    void submit("a2", "a");
    void submit("b1", "b");
    await settle();
    void submit("c1", "c");
    await settle();
    expect(texts()).toEqual([["a1"], ["b1"]]);
    batches[0]?.finish();
    await settle();
    expect(texts()).toEqual([["a1"], ["b1"], ["c1", "a2"]]);
  });

  test("a full share is written before those of the last batch hear of it", async () => {
    const { submit, batches, texts } = heldWriter();
    const first = submit("a").then(() => texts().length);
    await settle();
    for (let n = 0; n < 128; n++) void submit(String(n));
    batches[0]?.finish();
    expect(await first).toBe(2);
  });

  test("a batch ends at 128 items and before 1 MiB, but one large item is a batch by itself", async () => {
    const many = heldWriter();
    for (let n = 0; n < 129; n++) void many.submit(String(n));
    await settle();
    expect(many.batches[0]?.texts).toHaveLength(128);
    const large = heldWriter();
    const kibibytes = (count: number) => count * 1024;
    void large.submit("a", "a", kibibytes(1_100));
    void large.submit("b", "b", kibibytes(600));
    void large.submit("c", "c", kibibytes(500));
    await settle();
    large.batches[0]?.finish();
    await settle();
    expect(large.texts()).toEqual([["a"], ["b"]]);
  });
});

describe("what fails", () => {
  /** Refuses every batch that holds one of these. */
  function refusing(poison: readonly string[], error: Error) {
    const written: string[][] = [];
    const writer = new BatchWriter<string, string>({
      keyOf: () => null,
      weightOf: () => 1,
      blamesItems: (reason) => reason instanceof SyntaxError,
      parallel: 1,
      write: async (items) => {
        if (items.some((item) => poison.includes(item))) throw error;
        written.push([...items]);
        return items.map((item) => `wrote ${item}`);
      },
    });
    return { writer, written };
  }

  test("an item that makes its batch fail is found, and the others are written", async () => {
    const { writer, written } = refusing(["c", "f"], new SyntaxError("poison"));
    const outcomes = await Promise.allSettled(
      ["a", "b", "c", "d", "e", "f", "g"].map((item) => writer.submit(item)),
    );
    expect(outcomes.map(({ status }) => (status === "fulfilled" ? 1 : 0))).toEqual([1, 1, 0, 1, 1, 0, 1]);
    expect(written.flat()).toEqual(["a", "b", "d", "e", "g"]);
  });

  test("when no item is to blame, all of the batch fails at once and is not tried again", async () => {
    const { writer, written } = refusing(["b"], new Error("connection lost"));
    const outcomes = await Promise.allSettled(["a", "b", "c"].map((item) => writer.submit(item)));
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(written).toEqual([]);
  });

  test("a failed batch does not stop the ones behind it", async () => {
    const { submit, batches } = heldWriter();
    const first = submit("a");
    await settle();
    const second = submit("b");
    batches[0]?.fail(new Error("connection lost"));
    await expect(first).rejects.toThrow("connection lost");
    await settle();
    batches[1]?.finish();
    expect(await second).toBe("wrote b");
  });
});

describe("while the database stalls", () => {
  const MEBIBYTE = 1024 * 1024;

  test("10,000 items wait, and the next are refused until some have their answer", async () => {
    const { submit, batches } = heldWriter();
    const waiting = Array.from({ length: 10_000 }, (_, n) => submit(String(n)));
    await expect(submit("one too many")).rejects.toThrow(StoreOverloaded);
    await settle();
    batches[0]?.finish();
    await Promise.all(waiting.slice(0, 128));
    void submit("room again");
    await settle();
    expect(batches).toHaveLength(2);
  });

  test("64 MiB wait, also behind a key, and one item alone may be larger", async () => {
    const { submit, batches } = heldWriter();
    const large = submit("large", "key", 70 * MEBIBYTE);
    await expect(submit("b", "key")).rejects.toThrow(StoreOverloaded);
    await settle();
    batches[0]?.finish();
    await large;
    void submit("c", "key", 40 * MEBIBYTE);
    void submit("d", "key", 24 * MEBIBYTE);
    await expect(submit("e")).rejects.toThrow(StoreOverloaded);
  });
});

test("drained resolves when everything has its answer, also what waited for its key", async () => {
  const { writer, submit, batches } = heldWriter();
  void submit("a1", "a");
  void submit("a2", "a");
  let drained = false;
  const done = writer.drained().then(() => {
    drained = true;
  });
  await settle();
  batches[0]?.finish();
  await settle();
  expect(drained).toBe(false);
  batches[1]?.finish();
  await done;
  await writer.drained();
});
