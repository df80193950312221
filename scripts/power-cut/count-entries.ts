import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";

// Prints how many rows the control has. In a process of its own, for a database that does not open keeps its files open,
// and their disk could not be unmounted.

const [folder = ""] = process.argv.slice(2);
const pg = await PGlite.create({ fs: new NodeFS(folder) });
const { rows } = await pg.query<{ count: number }>("SELECT count(*)::integer AS count FROM entry");
await pg.close();
console.log(rows[0]?.count);
