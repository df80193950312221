import { expect, test } from "vitest";
import { commitStatement } from "./commit-statement.ts";

const PARTS = ["opening", "deliveries", "effects", "runs", "states"] as const;

/** PostgreSQL cuts names off there, and two statements of one name would be taken for each other. */
const LONGEST_NAME = 63;

test("each kind of batch has a statement of its own, under a name that fits", () => {
  const statements = Array.from({ length: 2 ** PARTS.length }, (_, kind) => {
    const [opening, deliveries, effects, runs, states] = PARTS.map((_part, bit) => (kind & (1 << bit)) !== 0);
    return commitStatement({
      opening: opening === true,
      deliveries: deliveries === true,
      effects: effects === true,
      runs: runs === true,
      states: states === true,
    });
  });
  expect(statements.filter(({ name }) => name.length > LONGEST_NAME)).toEqual([]);
  expect(new Set(statements.map(({ name }) => name)).size).toBe(statements.length);
  expect(new Set(statements.map(({ text }) => text)).size).toBe(statements.length);
});
