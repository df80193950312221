import { DatabaseError } from "pg";
import { StoreUnavailable } from "../../ports/store-unavailable.ts";

/**
 * SQLSTATE classes after which the statement itself is no suspect: the connection failed (08), resources ran out (53),
 * an operator stepped in (57), the system failed (58, XX), the transaction's mode forbids writing (25).
 * https://www.postgresql.org/docs/15/errcodes-appendix.html
 */
const NOT_THE_STATEMENT = new Set(["08", "25", "53", "57", "58", "XX"]);

/** Classes of what others had to do with: the transaction was undone for them (40), or a lock did not come free (55). */
const OTHERS_IN_THE_WAY = new Set(["40", "55"]);

/** A column (42703), table (42P01) or function (42883) is gone: a newer server has migrated the database. */
const GONE = new Set(["42703", "42P01", "42883"]);

/** Whether the database refused what it was given, so that fewer items in a batch may pass where all together failed. */
export function blamesStatement(error: unknown): boolean {
  const failure = classOf(error);
  return failure !== null && !NOT_THE_STATEMENT.has(failure) && !lacksWhatIsGone(error);
}

/** Whether the connection can go on after the error: the server answered, and did not say that it is going away. */
export function leavesConnectionUsable(error: unknown): boolean {
  const code = codeOf(error);
  return code !== null && !code.startsWith("57P") && !code.startsWith("08");
}

/** What a failure to connect is to those who use the store: whatever the reason, it is none of theirs. */
export function failureToConnect(error: unknown): StoreUnavailable {
  return unavailable("The database cannot be reached", error);
}

/** What the failure of a statement is to those who use the store: `StoreUnavailable`, unless they are at fault. */
export function failureOfStatement(error: unknown): unknown {
  if (lacksWhatIsGone(error))
    return unavailable("A newer server has changed the database: upgrade this one", error);
  return isOfTheStore(error) ? unavailable("The database cannot do this now", error) : error;
}

/** What is neither the server's answer nor a mistake in reading one, the driver says of the connection. */
function isOfTheStore(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) return false;
  const failure = classOf(error);
  return failure === null || NOT_THE_STATEMENT.has(failure) || OTHERS_IN_THE_WAY.has(failure);
}

function lacksWhatIsGone(error: unknown): boolean {
  return GONE.has(codeOf(error) ?? "");
}

function unavailable(what: string, cause: unknown): StoreUnavailable {
  return new StoreUnavailable(`${what}: ${reasonOf(cause)}`, { cause });
}

/** A host of several addresses fails with one error for each, and no word of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}

function classOf(error: unknown): string | null {
  return codeOf(error)?.slice(0, 2) ?? null;
}

/** The SQLSTATE of the server's answer; null when it gave none. */
function codeOf(error: unknown): string | null {
  const answer = error instanceof StoreUnavailable ? error.cause : error;
  return answer instanceof DatabaseError ? (answer.code ?? null) : null;
}
