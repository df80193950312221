import { expect, test } from "vitest";

import { expandMatrix, matrixSuffix } from "./expand-matrix.ts";

test("combinations vary the last key fastest", () => {
  expect(expandMatrix({ os: ["a", "b"], node: [20, 24] })).toEqual([
    { os: "a", node: 20 },
    { os: "a", node: 24 },
    { os: "b", node: 20 },
    { os: "b", node: 24 },
  ]);
});

test("exclude removes combinations that it matches in part", () => {
  const matrix = { os: ["a", "b"], node: [20, 24], exclude: [{ os: "a", node: 20 }, { os: "b" }] };
  expect(expandMatrix(matrix)).toEqual([{ os: "a", node: 24 }]);
});

// The example with fruits in GitHub's documentation of `include`.
test("include extends what it does not contradict and adds the rest", () => {
  const matrix = {
    fruit: ["apple", "pear"],
    animal: ["cat", "dog"],
    include: [
      { color: "green" },
      { color: "pink", animal: "cat" },
      { fruit: "apple", shape: "circle" },
      { fruit: "banana" },
      { fruit: "banana", animal: "cat" },
    ],
  };
  expect(expandMatrix(matrix)).toEqual([
    { fruit: "apple", animal: "cat", color: "pink", shape: "circle" },
    { fruit: "apple", animal: "dog", color: "green", shape: "circle" },
    { fruit: "pear", animal: "cat", color: "pink" },
    { fruit: "pear", animal: "dog", color: "green" },
    { fruit: "banana" },
    { fruit: "banana", animal: "cat" },
  ]);
});

test("include alone makes a job of each entry", () => {
  expect(expandMatrix({ include: [{ site: "a" }, { site: "b", region: "x" }] })).toEqual([
    { site: "a" },
    { site: "b", region: "x" },
  ]);
});

test("the suffix names the scalars", () => {
  expect(matrixSuffix({ os: "ubuntu", node: 24, config: { a: 1 }, fast: true })).toBe(" (ubuntu, 24, true)");
  expect(matrixSuffix({})).toBe("");
});
