import type { CopiedRow } from "./copied-row.ts";
import type { Parameter } from "./parameter.ts";

/** One SQL statement; the driver prepares it once per connection under its name, so a name has one text for ever. */
export type Statement = { readonly name: string; readonly text: string };

/**
 * Where statements run one after the other. They reject with `StoreUnavailable` where the database cannot do it now, and
 * with the driver's own error where it refuses what it was given.
 */
export interface SqlSession {
  query<Row>(statement: Statement, parameters?: readonly Parameter[]): Promise<readonly Row[]>;
  /**
   * Hands over the rows of a query without parameters as the database sends them, and resolves to their number. None is
   * kept: a row is gone when `take` returns, which may write on its bytes. For reading very much. Rejects with what
   * `take` throws, and does not call it again.
   */
  copy(query: string, take: (row: CopiedRow) => void): Promise<number>;
  /** Runs a script of several statements without parameters. */
  run(script: string): Promise<void>;
}

/**
 * The database as the store needs it: PostgreSQL over the network, or the embedded one in its thread. Both speak
 * PostgreSQL's protocol through the same driver, so rows, parameters and errors are the same.
 */
export interface SqlClient extends SqlSession {
  /** How many statements can run at the same time. */
  readonly connections: number;
  /** Whether all that a copy reads is in memory before the first row is handed over. */
  readonly copiesWhole: boolean;
  /** Commits what `work` did when it resolves, and undoes it when it rejects. */
  transaction<Value>(work: (session: SqlSession) => Promise<Value>): Promise<Value>;
  close(): Promise<void>;
}
