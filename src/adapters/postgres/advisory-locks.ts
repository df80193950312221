import { Client } from "pg";
import type { Log } from "../../ports/log.ts";
import { textArray } from "./parameter.ts";
import { PgSession } from "./pg-session.ts";
import { NOTICE_SILENCE } from "./session-settings.ts";
import type { Statement } from "./sql-client.ts";
import { failureToConnect } from "./sql-failure.ts";

/** Keeps these locks apart from those that another program takes in the same database: "BTON". */
const SEED = 0x42_54_4f_4e;

const exchangeLocks: Statement = {
  name: "exchange_locks",
  text: `
WITH freed AS MATERIALIZED (
  SELECT count(pg_advisory_unlock(hashtextextended(name, $3))) FROM unnest($1::text[]) AS held (name)
)
SELECT name FROM unnest($2::text[]) AS wanted (name) WHERE pg_try_advisory_lock(hashtextextended(name, $3))
UNION ALL SELECT NULL FROM freed WHERE count < 0`,
};

/** A machine that vanished without a word frees what it held after some 30 seconds, instead of the system's two hours. */
const NOTICE_LOSS = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=4";

/**
 * A connection that has gone silent counts as lost here before the server frees what it held: when a question has no
 * answer after 10 s, and otherwise when the system has asked in vain for 15 s.
 */
const ANSWER_WITHIN_MS = 10_000;

/**
 * Names that this process alone holds, among all on one database. The server keeps them in memory for one connection,
 * so that taking them writes nothing, and frees them when that connection ends, however the process ended. A connection
 * that was lost is made again at once, or by the next call, and takes again what was held and is still free. Another may
 * have had it in between, so that whoever relies on a name is told.
 */
export class AdvisoryLocks {
  readonly #url: string;
  readonly #log: Log;
  readonly #answerWithinMs: number;
  readonly #held = new Set<string>();
  #onLost: (names: ReadonlySet<string>) => void = () => undefined;
  #connection: Promise<Client> | null = null;
  #isClosed = false;
  /** Resolves when the connection is free for the next statement. */
  #free: Promise<unknown> = Promise.resolve();

  constructor(url: string, log: Log, answerWithinMs = ANSWER_WITHIN_MS) {
    this.#url = url;
    this.#log = log;
    this.#answerWithinMs = answerWithinMs;
  }

  /** Told of the names that were held on a connection when it is lost. */
  onLost(listener: (names: ReadonlySet<string>) => void): void {
    this.#onLost = listener;
  }

  /** Which of the names are held now: those that were, and those that nobody held. */
  take(names: readonly string[]): Promise<ReadonlySet<string>> {
    return this.exchange([], names);
  }

  /** Frees some names and takes others, which are not among them, as `take` does. */
  exchange(freed: readonly string[], wanted: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#inTurn(async () => {
      const held = freed.filter((name) => this.#held.delete(name));
      const client = await this.#connect();
      const unheld = wanted.filter((name) => !this.#held.has(name));
      for (const name of await this.#ask(client, held, unheld)) this.#held.add(name);
      return new Set(wanted.filter((name) => this.#held.has(name)));
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await (await this.#connection)?.end();
  }

  /** What came of a statement that failed is unknown: without its connection, all locks are free and taken again. */
  async #ask(
    client: Client,
    freed: readonly string[],
    wanted: readonly string[],
  ): Promise<readonly string[]> {
    const asked = this.#connection;
    try {
      return await exchange(client, freed, wanted);
    } catch (error) {
      this.#lose(asked);
      client.end().catch(() => undefined);
      throw error;
    }
  }

  #lose(connection: Promise<Client> | null): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    if (this.#isClosed || this.#held.size === 0) return;
    this.#onLost(new Set(this.#held));
    // Where it cannot be made yet, whoever asks next tries it again and is told why.
    this.take([]).catch(() => undefined);
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
      ...NOTICE_SILENCE,
      connectionTimeoutMillis: this.#answerWithinMs,
      query_timeout: this.#answerWithinMs,
    });
    client.on("error", (error) => {
      this.#log.warn({ err: error }, "The connection that holds locks was lost; it is made again.");
    });
    try {
      await connect(client);
      const opened = this.#connection;
      client.once("end", () => this.#lose(opened));
      const again = new Set(await exchange(client, [], [...this.#held]));
      for (const name of this.#held) if (!again.has(name)) this.#held.delete(name);
      return client;
    } catch (error) {
      // What it may hold by now would be held for ever.
      client.end().catch(() => undefined);
      throw error;
    }
  }
}

async function connect(client: Client): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    throw failureToConnect(error);
  }
}

async function exchange(
  client: Client,
  freed: readonly string[],
  wanted: readonly string[],
): Promise<readonly string[]> {
  if (freed.length === 0 && wanted.length === 0) return [];
  const parameters = [textArray(freed), textArray(wanted), SEED];
  const rows = await new PgSession(client).query<{ name: string }>(exchangeLocks, parameters);
  return rows.map(({ name }) => name);
}
