import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { BroadcastChannel } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import type { DeliveryId } from "../../../src/base/ids.ts";
import { startWorkThread } from "../../../src/main/work/start-work-thread.ts";
import type { Delivery } from "../../../src/ports/task-store.ts";
import { waitFor } from "../../support/wait-for.ts";
import type { WorkRecord } from "../../support/work/work-record.ts";

const RECORDING_WORK = new URL("../../support/work/recording-work.ts", import.meta.url);

function delivery(id: string, body: Uint8Array): Delivery {
  return { id: id as DeliveryId, event: "issues", body, receivedAt: "2026-01-01T00:00:00.000Z" };
}

async function openThread() {
  const records: WorkRecord[] = [];
  const channel = new BroadcastChannel(randomUUID());
  channel.onmessage = ({ data }) => records.push(data as WorkRecord);
  const thread = await startWorkThread(RECORDING_WORK, { channel: channel.name });
  onTestFinished(() => channel.close());
  return { thread, records };
}

test("the thread is given deliveries in the order of being stored, each with its own bytes, before it ends", async () => {
  const { thread, records } = await openThread();
  const read = Buffer.from("head{}{1}tail");
  thread.take(delivery("a", read.subarray(4, 6)));
  thread.take(delivery("b", read.subarray(6, 9)));
  thread.look();
  thread.take(delivery("c", Buffer.from("{2}")));
  expect(await thread.requests()).toEqual(new Map([["GET /app", 1]]));
  await thread.stop();
  await waitFor(() =>
    expect(records).toEqual([
      { kind: "take", id: "a", text: "{}" },
      { kind: "take", id: "b", text: "{1}" },
      { kind: "look" },
      { kind: "take", id: "c", text: "{2}" },
      { kind: "stop" },
    ]),
  );
  // The sender's bytes are still its own.
  expect(read.toString()).toBe("head{}{1}tail");
});

test("of very many all come, in their order, and those that wait for their moment before the end", async () => {
  const { thread, records } = await openThread();
  const given: string[] = [];
  const take = (count: number) => {
    for (let n = 0; n < count; n += 1) {
      given.push(String(given.length));
      thread.take(delivery(String(given.length - 1), Buffer.from("{}")));
    }
  };
  const takenIds = () => records.flatMap((record) => (record.kind === "take" ? [record.id] : []));
  take(20);
  await new Promise(setImmediate);
  take(20);
  await waitFor(() => expect(takenIds()).toEqual(given));
  take(20);
  await new Promise(setImmediate);
  take(3);
  await thread.stop();
  await waitFor(() => expect(takenIds()).toEqual(given));
  expect(records.at(-1)).toEqual({ kind: "stop" });
});

test("bytes that lie by themselves move to the thread", async () => {
  const { thread, records } = await openThread();
  const body = new TextEncoder().encode("{}");
  thread.take(delivery("a", body));
  await thread.stop();
  await waitFor(() => expect(records).toContainEqual({ kind: "take", id: "a", text: "{}" }));
  expect(body.byteLength).toBe(0);
});

test("what finds no room on the way is left in the store, and the thread is told to look there", async () => {
  const { thread, records } = await openThread();
  const large = () => new Uint8Array(40 * 1024 * 1024).fill(0x20);
  thread.take(delivery("a", large()));
  thread.take(delivery("b", large()));
  await waitFor(() => expect(records.map(({ kind }) => kind)).toEqual(["take", "look"]));
  thread.take(delivery("c", large()));
  await waitFor(() => expect(records.map(({ kind }) => kind)).toEqual(["take", "look", "take"]));
  await thread.stop();
});

test("a server whose work has failed ends, and says why", async () => {
  const server = spawn(
    process.execPath,
    [fileURLToPath(new URL("../../support/work/failing-server.ts", import.meta.url))],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let printed = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const [code] = (await once(server, "close")) as [number | null];
  expect(code).toBe(1);
  expect(printed).toContain("The thread of the work has failed.");
  expect(printed).toContain("A delivery that the work does not survive.");
});

test("a thread that cannot start says why", async () => {
  const program = new URL("data:text/javascript,throw new Error('nothing to work on')");
  await expect(startWorkThread(program, {})).rejects.toThrow("nothing to work on");
  const silent = new URL("data:text/javascript,");
  await expect(startWorkThread(silent, {})).rejects.toThrow("ended with code 0 before it was ready");
});
