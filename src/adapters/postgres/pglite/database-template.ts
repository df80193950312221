import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PGlite } from "@electric-sql/pglite";

/**
 * A fresh database as a tarball. Making one runs initdb inside WebAssembly, which takes some two seconds; unpacking a
 * copy takes a third of one. The copy of 40 MB lies with the packages, where what `npm ci` installs is trusted as well,
 * and is made anew for another version of PGlite. It is not packed: that would cost more time than reading it.
 */
export async function databaseTemplate(engine: WebAssembly.Module): Promise<Blob> {
  const file = templateFile();
  try {
    return new Blob([readFileSync(file)]);
  } catch {
    return makeTemplate(file, engine);
  }
}

async function makeTemplate(file: string, engine: WebAssembly.Module): Promise<Blob> {
  const pg = await PGlite.create({ pgliteWasmModule: engine });
  await pg.exec("CHECKPOINT");
  const dump = await pg.dumpDataDir("none");
  await pg.close();
  keepTemplate(file, Buffer.from(await dump.arrayBuffer()));
  return dump;
}

/** Several processes may make it at once: each writes a file of its own, and the last rename stands. */
function keepTemplate(file: string, bytes: Buffer): void {
  const own = `${file}.${process.pid}.${Date.now()}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(own, bytes);
    renameSync(own, file);
  } catch {
    // Packages may be installed read-only; then every fresh database pays for initdb.
    rmSync(own, { force: true });
  }
}

function templateFile(): string {
  const require = createRequire(import.meta.url);
  const packageFolder = dirname(dirname(require.resolve("@electric-sql/pglite")));
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as {
    version: string;
  };
  return join(packageFolder, "..", "..", ".cache", "baton", `pglite-${version}.tar`);
}
