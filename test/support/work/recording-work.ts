/** A thread whose work is to tell what it was given, and to fail when a delivery says so. */
import { BroadcastChannel, parentPort, workerData } from "node:worker_threads";
import { serveWork } from "../../../src/main/work/serve-work.ts";
import type { WorkThreadData } from "../../../src/main/work/work-messages.ts";
import type { WorkRecord } from "./work-record.ts";

const { channel, taken } = workerData as WorkThreadData<{ readonly channel: string }>;
const told = new BroadcastChannel(channel);
const tell = (record: WorkRecord): void => told.postMessage(record);

if (!parentPort) throw new Error("This program is a thread of a test.");
await serveWork(parentPort, {
  work: {
    take({ id, body }) {
      if (id === "fail") throw new Error("A delivery that the work does not survive.");
      tell({ kind: "take", id, text: Buffer.from(body).toString() });
    },
    look: () => tell({ kind: "look" }),
    stop: async () => undefined,
  },
  counter: { byKind: () => new Map([["GET /app", 1]]) },
  taken,
});
tell({ kind: "stop" });
told.close();
