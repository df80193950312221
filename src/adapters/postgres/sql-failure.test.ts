import { DatabaseError } from "pg";
import { expect, test } from "vitest";
import { StoreUnavailable } from "../../ports/store-unavailable.ts";
import {
  blamesStatement,
  failureOfStatement,
  failureToConnect,
  leavesConnectionUsable,
} from "./sql-failure.ts";

function answer(code: string): DatabaseError {
  return Object.assign(new DatabaseError("No.", 3, "error"), { code });
}

test.each([
  ["a unique value that is there already", answer("23505"), { store: false, blames: true, usable: true }],
  ["a deadlock", answer("40P01"), { store: true, blames: true, usable: true }],
  ["a lock that did not come free", answer("55P03"), { store: true, blames: true, usable: true }],
  ["a full disk", answer("53100"), { store: true, blames: false, usable: true }],
  ["a server that has only read access now", answer("25006"), { store: true, blames: false, usable: true }],
  ["a server that shuts down", answer("57P01"), { store: true, blames: false, usable: false }],
  ["a column that a newer server has dropped", answer("42703"), { store: true, blames: false, usable: true }],
  [
    "a function that a newer server has dropped",
    answer("42883"),
    { store: true, blames: false, usable: true },
  ],
  ["a cancelled statement", answer("57014"), { store: true, blames: false, usable: true }],
  [
    "a connection that was lost",
    new Error("Connection terminated unexpectedly"),
    { store: true, blames: false, usable: false },
  ],
  [
    "an answer that cannot be read",
    new RangeError("2^60 is too large."),
    { store: false, blames: false, usable: false },
  ],
])("%s is told for what it is", (_what, error, { store, blames, usable }) => {
  const failure = failureOfStatement(error);
  expect(failure instanceof StoreUnavailable).toBe(store);
  if (!store) expect(failure).toBe(error);
  expect(blamesStatement(failure)).toBe(blames);
  expect(leavesConnectionUsable(failure)).toBe(usable);
});

test("whatever keeps the database from being reached is told, for each of its addresses", () => {
  const refused = new AggregateError([
    new Error("connect ECONNREFUSED ::1"),
    new Error("connect ECONNREFUSED"),
  ]);
  expect(failureToConnect(refused)).toMatchObject({
    name: "StoreUnavailable",
    message: "The database cannot be reached: connect ECONNREFUSED ::1; connect ECONNREFUSED",
    cause: refused,
  });
  expect(failureToConnect(answer("28P01"))).toBeInstanceOf(StoreUnavailable);
});
