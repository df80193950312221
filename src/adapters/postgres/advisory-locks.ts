import { Client } from "pg";
import type { Log } from "../../ports/log.ts";
import { textArray } from "./array-parameter.ts";
import { PgSession } from "./pg-session.ts";
import type { Statement } from "./sql-client.ts";

/** Keeps these locks apart from those that another program takes in the same database: "BTON". */
const SEED = 0x42_54_4f_4e;

const lockFree: Statement = {
  name: "lock_free",
  text: `
SELECT name FROM unnest($1::text[]) AS wanted (name)
WHERE pg_try_advisory_lock(hashtextextended(name, $2))`,
};

const unlock: Statement = {
  name: "unlock",
  text: `SELECT pg_advisory_unlock(hashtextextended(name, $2)) FROM unnest($1::text[]) AS held (name)`,
};

/** A machine that vanished without a word frees what it held after some 20 seconds, instead of the system's two hours. */
const NOTICE_LOSS = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=2";

/**
 * Names that this process alone holds, among all on one database. The server keeps them in memory for one connection,
 * so that taking them writes nothing, and frees them when that connection ends, however the process ended. A connection
 * that was lost is made again by the next call, which takes again what was held and is still free.
 */
export class AdvisoryLocks {
  readonly #url: string;
  readonly #log: Log;
  readonly #held = new Set<string>();
  #connection: Promise<Client> | null = null;
  /** Resolves when the connection is free for the next statement. */
  #free: Promise<unknown> = Promise.resolve();

  constructor(url: string, log: Log) {
    this.#url = url;
    this.#log = log;
  }

  /** Which of the names are held now: those that were, and those that nobody held. */
  take(names: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#inTurn(async () => {
      const client = await this.#connect();
      const unheld = names.filter((name) => !this.#held.has(name));
      for (const name of await lockNames(client, unheld)) this.#held.add(name);
      return new Set(names.filter((name) => this.#held.has(name)));
    });
  }

  free(names: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      const held = names.filter((name) => this.#held.delete(name));
      // What was held over a connection that was lost is free.
      const client = await this.#connection;
      if (client && held.length > 0) await new PgSession(client).query(unlock, [textArray(held), SEED]);
    });
  }

  async close(): Promise<void> {
    await (await this.#connection)?.end();
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#free.then(work);
    this.#free = done.catch(() => undefined);
    return done;
  }

  #connect(): Promise<Client> {
    this.#connection ??= this.#open().catch((error: unknown) => {
      this.#connection = null;
      throw error;
    });
    return this.#connection;
  }

  async #open(): Promise<Client> {
    const client = new Client({
      connectionString: this.#url,
      application_name: "baton-locks",
      options: NOTICE_LOSS,
    });
    client.on("error", (error) => {
      this.#log.warn({ err: error }, "The connection that holds locks was lost; it is made again.");
    });
    client.once("end", () => {
      this.#connection = null;
    });
    await client.connect();
    const again = new Set(await lockNames(client, [...this.#held]));
    for (const name of this.#held) if (!again.has(name)) this.#held.delete(name);
    return client;
  }
}

async function lockNames(client: Client, names: readonly string[]): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const rows = await new PgSession(client).query<{ name: string }>(lockFree, [textArray(names), SEED]);
  return rows.map(({ name }) => name);
}
