import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";

// The control, a program of its own for power cuts: the embedded database as it comes, whose file system has no fsync.
// It inserts rows and prints a line for each that it was told is stored.

const [folder = ""] = process.argv.slice(2);
const pg = await PGlite.create({ fs: new NodeFS(folder) });
await pg.exec("CREATE TABLE entry (n integer PRIMARY KEY)");
for (let n = 1; ; n++) {
  await pg.query("INSERT INTO entry VALUES ($1)", [n]);
  process.stdout.write(`${n}\n`);
  // PGlite never leaves the turn by itself, and the line would stay in this process.
  await new Promise((resolve) => setImmediate(resolve));
}
