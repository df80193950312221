import { z } from "zod";
import type { LastingLocation } from "../adapters/postgres/open-store.ts";
import type { Result } from "../base/result.ts";
import { err, ok } from "../base/result.ts";

const Environment = z.object({
  DATABASE_URL: z.string().min(1).optional(),
  BATON_STORE: z.enum(["embedded", "postgres"]).optional(),
  BATON_DATA_DIR: z.string().min(1).default(".baton/data"),
});

/** Where the environment wants the record: in a server of yours, or in a data directory and what keeps it there. */
export function readStoreLocation(env: NodeJS.ProcessEnv): Result<LastingLocation, string> {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    return err(`The store is not set as it has to be: ${problems.join("; ")}.`);
  }
  const { DATABASE_URL: url, BATON_STORE: kind, BATON_DATA_DIR: dataDir } = parsed.data;
  if (url === undefined) return ok(kind === "postgres" ? { serverDir: dataDir } : { dataDir });
  if (kind === undefined) return ok({ url });
  return err("DATABASE_URL and BATON_STORE both say where the record is kept: unset one of them.");
}
