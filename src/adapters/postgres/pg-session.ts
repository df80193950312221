import type { ClientBase, CustomTypesConfig, QueryResultRow } from "pg";
import { types } from "pg";
import { BoundQuery } from "./bound-query.ts";
import type { CopiedRow } from "./copied-row.ts";
import { CopyQuery } from "./copy-query.ts";
import type { Parameter } from "./parameter.ts";
import type { SqlSession, Statement } from "./sql-client.ts";
import { failureOfStatement } from "./sql-failure.ts";

/** Object id of PostgreSQL's `bigint` type. */
const BIGINT = 20;

/**
 * The driver's own types, except that `bigint` becomes a number: ids and counts are far below 2^53, and one that is
 * not is a bug that must not be rounded away.
 */
export const BATON_TYPES: CustomTypesConfig = {
  getTypeParser(oid: number, format?: "text" | "binary"): unknown {
    if (oid === BIGINT && format !== "binary") return parseSafeInteger;
    return types.getTypeParser(oid, format ?? "text");
  },
};

function parseSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large for a safe integer.`);
  return value;
}

/** A connection of the driver as a session. */
export class PgSession implements SqlSession {
  readonly #connection: ClientBase;

  constructor(connection: ClientBase) {
    this.#connection = connection;
  }

  async query<Row>(statement: Statement, parameters: readonly Parameter[] = []): Promise<readonly Row[]> {
    try {
      const rows = await new Promise<readonly QueryResultRow[]>((resolve, reject) => {
        this.#connection.query(new BoundQuery(statement, parameters, { resolve, reject }));
      });
      return rows as readonly Row[];
    } catch (error) {
      throw failureOfStatement(error);
    }
  }

  copy(query: string, take: (row: CopiedRow) => void): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#connection.query(new CopyQuery(query, take, { resolve, reject }));
    });
  }

  async run(script: string): Promise<void> {
    try {
      await this.#connection.query(script);
    } catch (error) {
      throw failureOfStatement(error);
    }
  }
}

/** Runs `work` between BEGIN and COMMIT on a connection that nobody else uses meanwhile. */
export async function inTransaction<Value>(
  session: SqlSession,
  work: (session: SqlSession) => Promise<Value>,
): Promise<Value> {
  await session.run("BEGIN");
  let value: Value;
  try {
    value = await work(session);
  } catch (error) {
    // When the connection is gone the server undoes the transaction by itself, and the first error is the one to tell.
    await session.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
  await session.run("COMMIT");
  return value;
}
