import { DatabaseSync } from "node:sqlite";

import { expect, test } from "vitest";

import { Table } from "./table.ts";

interface Row {
  id: number;
  group: string;
  done: boolean;
  parent: number | null;
  tags: string[];
}

function openTable(): Table<Row> {
  let last = 0;
  return new Table<Row>(
    new DatabaseSync(":memory:"),
    { name: "rows", indexes: [["group", "done"]], unique: [["group", "parent"]] },
    () => (last += 1),
  );
}

const row = { group: "a", done: false, parent: null, tags: [] };

test("documents are found by any of their scalar properties, null and booleans among them", () => {
  const table = openTable();
  table.insert(row);
  table.insert({ ...row, done: true, parent: 1 });
  table.insert({ ...row, group: "b", parent: 1, tags: ["x"] });
  const ids = (where: object) => table.find(where).map(({ id }) => id);
  expect(ids({})).toEqual([1, 2, 3]);
  expect(ids({ group: "a" })).toEqual([1, 2]);
  expect(ids({ group: "a", done: true })).toEqual([2]);
  expect(ids({ parent: null })).toEqual([1]);
  expect(ids({ parent: 1, done: false })).toEqual([3]);
  expect(table.get(3)?.tags).toEqual(["x"]);
  expect(table.count({ parent: 1 })).toBe(2);
});

test("results can be turned round, limited and filtered", () => {
  const table = openTable();
  for (let parent = 1; parent <= 4; parent += 1) table.insert({ ...row, parent });
  const ids = (options: object) => table.find({}, options).map(({ id }) => id);
  expect(ids({ newestFirst: true, limit: 2 })).toEqual([4, 3]);
  expect(ids({ after: 2 })).toEqual([3, 4]);
  expect(ids({ filter: ({ id }: Row) => id % 2 === 0, limit: 1 })).toEqual([2]);
  expect(table.findLast({})?.id).toBe(4);
});

test("an update keeps what it does not name, and a missing document is a bug", () => {
  const table = openTable();
  const { id } = table.insert(row);
  expect(table.update(id, { done: true })).toEqual({ ...row, id, done: true });
  expect(table.get(id)?.done).toBe(true);
  expect(() => table.update(99, {})).toThrow("rows has no document 99");
  table.delete(id);
  expect(table.get(id)).toBeUndefined();
});

test("a unique index refuses a second document of the same kind", () => {
  const table = openTable();
  table.insert({ ...row, parent: 1 });
  expect(() => table.insert({ ...row, parent: 1 })).toThrow(/UNIQUE/);
});
