import { existsSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { createWhole } from "../data-directory/create-whole.ts";
import { SESSION_OPTIONS } from "../session-settings.ts";
import { databaseTemplate } from "./database-template.ts";
import type { Sync } from "./durable-node-fs.ts";
import { DurableNodeFS, durableStartParams, syncStream } from "./durable-node-fs.ts";
import { joinBytes } from "./join-bytes.ts";
import type { FromPgliteThread, PgliteThreadData, ToPgliteThread } from "./pglite-messages.ts";

// The embedded database runs in this thread, so that a heavy statement does not stop the server's event loop.

const { folder, engine } = workerData as PgliteThreadData;

if (!parentPort) throw new Error("The embedded database runs in a worker thread only.");
const parent = parentPort;

const pg = folder === null ? await openInMemory() : await openOnDisk(folder);
parent.on("message", (message: ToPgliteThread) => {
  if (message === "stop") void stop();
  else answer(message);
});
tell({ kind: "ready" });

async function openInMemory(): Promise<PGlite> {
  return PGlite.create({
    pgliteWasmModule: engine,
    loadDataDir: await databaseTemplate(engine),
    startParams: [...PGlite.defaultStartParams, ...SESSION_OPTIONS],
  });
}

async function openOnDisk(path: string): Promise<PGlite> {
  if (!existsSync(join(path, "PG_VERSION"))) await createWhole(path, fill);
  return PGlite.create({
    pgliteWasmModule: engine,
    fs: new DurableNodeFS(path, syncOrDie),
    startParams: [...durableStartParams(PGlite.defaultStartParams), ...SESSION_OPTIONS],
  });
}

/** From the template, since initdb takes seconds in WebAssembly. */
async function fill(fresh: string): Promise<void> {
  const created = await PGlite.create({
    pgliteWasmModule: engine,
    fs: new DurableNodeFS(fresh),
    loadDataDir: await databaseTemplate(engine),
  });
  await created.exec("CHECKPOINT");
  await created.close();
}

/**
 * After a failed fsync nobody knows what is on disk, and asking again may be answered with yes. Nothing may be
 * acknowledged from here on: the thread ends inside the call, and the next start recovers from what the log has.
 */
function syncOrDie(stream: Parameters<Sync>[0]): void {
  try {
    syncStream(stream);
  } catch (error) {
    tell({ kind: "failed", why: `The disk did not take what was written: ${String(error)}` });
    process.exit(1);
  }
}

/** Runs whole protocol messages and sends back all that the database says to them. */
function answer(messages: Uint8Array): void {
  const chunks: Uint8Array[] = [];
  void pg.execProtocolRawStream(messages, {
    syncToFs: false,
    // The bytes are a view of the database's memory, which the next statement writes over.
    onRawData: (data) => chunks.push(data.slice()),
  });
  const bytes = joinBytes(chunks);
  parent.postMessage(bytes, [bytes.buffer]);
}

async function stop(): Promise<void> {
  await pg.close();
  process.exit(0);
}

function tell(message: FromPgliteThread): void {
  parent.postMessage(message);
}
