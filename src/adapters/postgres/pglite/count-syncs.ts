import { PGlite } from "@electric-sql/pglite";
import { compileEngine } from "./compile-engine.ts";
import { DurableNodeFS, durableStartParams, syncStream } from "./durable-node-fs.ts";

/**
 * How often one commit asks the operating system to put a file on disk: counted where it is asked, since the database
 * believes that its log is on disk whatever its file system does. The caller has the directory's lock.
 */
export async function countSyncsOfCommit(database: string): Promise<number> {
  let syncs = 0;
  const pg = await PGlite.create({
    pgliteWasmModule: await compileEngine(),
    fs: new DurableNodeFS(database, (stream) => {
      syncStream(stream);
      syncs += 1;
    }),
    startParams: durableStartParams(PGlite.defaultStartParams),
  });
  try {
    const before = syncs;
    await pg.query("SELECT pg_logical_emit_message(true, 'baton', 'doctor')");
    return syncs - before;
  } finally {
    await pg.close();
  }
}
