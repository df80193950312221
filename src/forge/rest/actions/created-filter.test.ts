import { expect, test } from "vitest";

import { createdFilter } from "./created-filter.ts";

const days = ["2024-01-01T08:00:00Z", "2024-01-02T08:00:00Z", "2024-01-03T08:00:00Z"];

test.each<[string | undefined, number[]]>([
  [undefined, [1, 2, 3]],
  ["2024-01-02", [2]],
  [">2024-01-02", [3]],
  [">=2024-01-02", [2, 3]],
  ["<2024-01-02", [1]],
  ["<=2024-01-02", [1, 2]],
  [">=2024-01-02T09:00:00Z", [3]],
  ["2024-01-01..2024-01-02", [1, 2]],
  ["2024-01-02..*", [2, 3]],
  ["*..2024-01-01", [1]],
])("created %s", (text, expected) => {
  const accepts = createdFilter(text);
  expect(days.flatMap((day, index) => (accepts(day) ? [index + 1] : []))).toEqual(expected);
});
