import { expect, test } from "vitest";
import { readEndedTurns } from "./turn-queue.ts";

test("ended turns are read, and what is none of Baton's is told apart", () => {
  const ended = [{ first: "T-1/1/0", end: "all-done" }];
  expect(readEndedTurns(JSON.stringify(ended))).toEqual(ended);
  for (const message of ["", "no JSON", "{}", '[{"first":1}]', '[{"first":"T-1/1/0","end":"?"}]']) {
    expect(readEndedTurns(message)).toBeNull();
  }
});
