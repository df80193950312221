import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { SESSION_OPTIONS } from "../session-settings.ts";
import { databaseTemplate } from "./database-template.ts";
import type { Sync } from "./durable-node-fs.ts";
import { DurableNodeFS, durableStartParams, syncStream } from "./durable-node-fs.ts";
import type { FromPgliteThread, PgliteThreadData, ToPgliteThread } from "./pglite-messages.ts";
import { syncPath, syncTree } from "./sync-tree.ts";

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
  if (!existsSync(join(path, "PG_VERSION"))) await createOnDisk(path);
  return PGlite.create({
    pgliteWasmModule: engine,
    fs: new DurableNodeFS(path, syncOrDie),
    startParams: [...durableStartParams(PGlite.defaultStartParams), ...SESSION_OPTIONS],
  });
}

/** Under another name until it is whole and on disk, so that a first start that is cut off leaves nothing half made. */
async function createOnDisk(path: string): Promise<void> {
  const parentFolder = dirname(path);
  const prefix = `${basename(path)}.new-`;
  for (const leftover of readdirSync(parentFolder).filter((name) => name.startsWith(prefix))) {
    rmSync(join(parentFolder, leftover), { recursive: true, force: true });
  }
  const fresh = join(parentFolder, `${prefix}${process.pid}`);
  mkdirSync(fresh, { mode: 0o700 });
  const created = await PGlite.create({
    pgliteWasmModule: engine,
    fs: new DurableNodeFS(fresh),
    loadDataDir: await databaseTemplate(engine),
  });
  await created.exec("CHECKPOINT");
  await created.close();
  syncTree(fresh);
  renameSync(fresh, path);
  syncPath(parentFolder);
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
  const bytes = joinChunks(chunks);
  parent.postMessage(bytes, [bytes.buffer]);
}

function joinChunks(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

async function stop(): Promise<void> {
  await pg.close();
  process.exit(0);
}

function tell(message: FromPgliteThread): void {
  parent.postMessage(message);
}
