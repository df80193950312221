import { Pool } from "pg";
import type { PoolClient } from "pg";
import type { Log } from "../../ports/log.ts";
import type { CopiedRow } from "./copied-row.ts";
import type { Parameter } from "./parameter.ts";
import { BATON_TYPES, inTransaction, PgSession } from "./pg-session.ts";
import { NOTICE_SILENCE, SESSION_OPTIONS } from "./session-settings.ts";
import type { SqlClient, SqlSession, Statement } from "./sql-client.ts";
import { failureToConnect, leavesConnectionUsable } from "./sql-failure.ts";

/** Two for batches of commits, two for batches of deliveries, the rest for reading. */
const MAX_CONNECTIONS = 8;

/** Longer waits for a connection mean that the server is away: callers keep their work and try again. */
const CONNECTION_TIMEOUT_MS = 10_000;

/** A PostgreSQL server. `url` is a connection URI as libpq reads it: `postgres://user@host:5432/database`. */
export function connectPostgres(url: string, log: Log): SqlClient {
  const pool = new Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    application_name: "baton",
    options: SESSION_OPTIONS.join(" "),
    ...NOTICE_SILENCE,
    types: BATON_TYPES,
  });
  // A broken connection leaves the pool by itself, and the statement that waits on it is rejected; but the driver also
  // emits an error, which without a listener would end the process. The pool listens only while a connection is idle.
  const onLost = (error: Error): void => {
    log.warn({ err: error }, "A database connection was lost.");
  };
  pool.on("error", () => undefined);
  pool.on("connect", (connection) => connection.on("error", onLost));
  return new PooledClient(pool);
}

class PooledClient implements SqlClient {
  readonly connections = 2;
  readonly copiesWhole = false;
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  query<Row>(statement: Statement, parameters?: readonly Parameter[]): Promise<readonly Row[]> {
    return this.#withConnection((session) => session.query<Row>(statement, parameters));
  }

  copy(query: string, take: (row: CopiedRow) => void): Promise<number> {
    return this.#withConnection((session) => session.copy(query, take));
  }

  run(script: string): Promise<void> {
    return this.#withConnection((session) => session.run(script));
  }

  transaction<Value>(work: (session: SqlSession) => Promise<Value>): Promise<Value> {
    return this.#withConnection((session) => inTransaction(session, work));
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw failureToConnect(error);
    }
  }

  /** The pool's own `query` gives up the connection, and with it all prepared statements, after any refused statement. */
  async #withConnection<Value>(work: (session: SqlSession) => Promise<Value>): Promise<Value> {
    const connection = await this.#connect();
    try {
      const value = await work(new PgSession(connection));
      connection.release();
      return value;
    } catch (error) {
      giveBack(connection, error);
      throw error;
    }
  }
}

function giveBack(connection: PoolClient, error: unknown): void {
  if (leavesConnectionUsable(error)) connection.release();
  else connection.release(error instanceof Error ? error : true);
}
