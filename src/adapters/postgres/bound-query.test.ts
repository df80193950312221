import { PassThrough } from "node:stream";
import { Connection } from "pg";
import { expect, test } from "vitest";
import { BoundQuery } from "./bound-query.ts";
import { bigintArray, type Parameter, textArray } from "./parameter.ts";

const NAME = "find_task";
const TEXT = "SELECT $1, $2";

/** What is sent to run the statement, and to prepare it where the connection does not know it. */
function sent(name: string, parameters: readonly Parameter[], knows = false): Buffer {
  const stream = new PassThrough();
  const connection = new Connection({ stream: () => stream });
  const prepared = { parsedStatements: knows ? { [name]: TEXT } : {}, submittedNamedStatements: {} };
  const settle = { resolve: () => undefined, reject: () => undefined };
  new BoundQuery({ name, text: TEXT }, parameters, settle).prepare(Object.assign(connection, prepared));
  return stream.read() as Buffer;
}

test("a statement is prepared once on a connection, and one without a name each time", () => {
  expect(sent(NAME, ["a", 1]).includes(TEXT)).toBe(true);
  expect(sent(NAME, ["a", 1], true).includes(TEXT)).toBe(false);
  expect(sent("", ["a", 1], true).includes(TEXT)).toBe(true);
});

test("a parameter that cannot be written is refused, and leaves nothing in the next statement", () => {
  const good = [textArray(["a", null]), bigintArray([1])];
  const before = sent(NAME, good, true);
  const bad = [textArray(["not to be seen again"]), bigintArray([2 ** 80])];
  expect(() => sent(NAME, bad, true)).toThrow(RangeError);
  expect(sent(NAME, good, true).equals(before)).toBe(true);
});
