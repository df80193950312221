import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { Client } from "pg";
import type { Log } from "../../../ports/log.ts";
import { BATON_TYPES, PgSession } from "../pg-session.ts";
import type { SqlSession } from "../sql-client.ts";
import { compileEngine } from "./compile-engine.ts";
import type { FromPgliteThread, PgliteThreadData, ToPgliteThread } from "./pglite-messages.ts";
import { ThreadStream } from "./thread-stream.ts";

/** The embedded database in its thread, and the one connection to it. */
export type EmbeddedConnection = {
  readonly session: SqlSession;
  /** False when the database has ended by itself: nothing that is asked of it is answered any more. */
  isAlive(): boolean;
  /** Ends a database that is not alive for good, in disorder, as after SIGKILL: the next start recovers. */
  abandon(): Promise<void>;
  close(): Promise<void>;
};

/** Starts a thread with the database in the folder, or in memory when it is null, and connects to it. */
export async function openEmbedded(folder: string | null, log: Log): Promise<EmbeddedConnection> {
  const thread = await startThread(folder);
  let alive = true;
  const onEnd = (): void => {
    alive = false;
  };
  thread.once("exit", onEnd);
  const connection = new Client({
    stream: () => new ThreadStream(thread, onEnd),
    user: "postgres",
    database: "postgres",
    types: BATON_TYPES,
  });
  // Statements that wait for an answer are rejected by the driver; this is for when the thread ends between two.
  connection.on("error", (error) => {
    log.error({ err: error }, "The embedded database has failed.");
  });
  await connection.connect();
  const session = new PgSession(connection);
  return {
    session,
    isAlive: () => alive,
    abandon: async () => void (await thread.terminate()),
    async close() {
      try {
        if (folder !== null) await session.run("CHECKPOINT");
        await connection.end();
      } finally {
        await stopThread(thread);
      }
    },
  };
}

async function startThread(folder: string | null): Promise<Worker> {
  const workerData: PgliteThreadData = { folder, engine: await compileEngine() };
  const thread = new Worker(new URL("./pglite-thread.ts", import.meta.url), { workerData });
  await new Promise<void>((ready, fail) => {
    thread.on("message", (message: FromPgliteThread) => {
      if (message instanceof Uint8Array) return;
      if (message.kind === "ready") ready();
      else fail(new Error(message.why));
    });
    thread.on("error", (error) => {
      fail(new Error("The embedded database did not start.", { cause: error }));
    });
    thread.once("exit", (code) => {
      fail(new Error(`The embedded database ended with code ${code} before it was ready.`));
    });
  });
  return thread;
}

async function stopThread(thread: Worker): Promise<void> {
  // A thread that has ended has no id any more.
  if (thread.threadId === -1) return;
  const stop: ToPgliteThread = "stop";
  thread.postMessage(stop);
  await once(thread, "exit");
}
