import type { CopiedRow } from "../copied-row.ts";
import { inTransaction } from "../pg-session.ts";
import type { Parameter } from "../parameter.ts";
import type { SqlClient, SqlSession, Statement } from "../sql-client.ts";
import { failureToConnect } from "../sql-failure.ts";
import type { EmbeddedConnection } from "./embedded-connection.ts";

/**
 * The embedded database has one connection for everybody: statements and transactions run one after the other, as they
 * were asked for. A database that has ended by itself, for a full disk say, is started again for the next of them: like
 * a server that was killed, it recovers all that it acknowledged.
 */
export class EmbeddedClient implements SqlClient {
  readonly connections = 1;
  /** Its thread answers with one message. */
  readonly copiesWhole = true;
  #connection: EmbeddedConnection;
  readonly #reopen: () => Promise<EmbeddedConnection>;
  readonly #onClosed: () => void;
  /** Resolves when the connection is free for the next. */
  #free: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | null = null;

  constructor(
    connection: EmbeddedConnection,
    reopen: () => Promise<EmbeddedConnection>,
    onClosed: () => void,
  ) {
    this.#connection = connection;
    this.#reopen = reopen;
    this.#onClosed = onClosed;
  }

  query<Row>(statement: Statement, parameters?: readonly Parameter[]): Promise<readonly Row[]> {
    return this.#inTurn((session) => session.query<Row>(statement, parameters));
  }

  copy(query: string, take: (row: CopiedRow) => void): Promise<number> {
    return this.#inTurn((session) => session.copy(query, take));
  }

  run(script: string): Promise<void> {
    return this.#inTurn((session) => session.run(script));
  }

  transaction<Value>(work: (session: SqlSession) => Promise<Value>): Promise<Value> {
    return this.#inTurn((session) => inTransaction(session, work));
  }

  close(): Promise<void> {
    this.#closed ??= this.#free.then(async () => {
      try {
        await (this.#connection.isAlive() ? this.#connection.close() : this.#connection.abandon());
      } finally {
        this.#onClosed();
      }
    });
    return this.#closed;
  }

  #inTurn<Value>(work: (session: SqlSession) => Promise<Value>): Promise<Value> {
    if (this.#closed) return Promise.reject(new Error("The embedded database is closed."));
    const done = this.#free.then(async () => {
      if (!this.#connection.isAlive()) await this.#startAgain();
      return work(this.#connection.session);
    });
    this.#free = done.catch(() => undefined);
    return done;
  }

  async #startAgain(): Promise<void> {
    // Two databases in one folder would overwrite each other.
    await this.#connection.abandon();
    try {
      this.#connection = await this.#reopen();
    } catch (error) {
      throw failureToConnect(error);
    }
  }
}
