import { DatabaseError } from "pg";

/**
 * SQLSTATE classes after which the statement itself is no suspect: the connection failed (08), resources ran out (53),
 * an operator stepped in (57), the system failed (58, XX), the transaction's mode forbids writing (25).
 * https://www.postgresql.org/docs/15/errcodes-appendix.html
 */
const NOT_THE_STATEMENT = new Set(["08", "25", "53", "57", "58", "XX"]);

/** Whether the database refused what it was given, so that fewer items in a batch may pass where all together failed. */
export function blamesStatement(error: unknown): boolean {
  if (!(error instanceof DatabaseError) || error.code === undefined) return false;
  return !NOT_THE_STATEMENT.has(error.code.slice(0, 2));
}

/** Whether the connection can go on after the error: the server answered, and did not say that it is going away. */
export function leavesConnectionUsable(error: unknown): boolean {
  if (!(error instanceof DatabaseError) || error.code === undefined) return false;
  return !error.code.startsWith("57P") && !error.code.startsWith("08");
}
