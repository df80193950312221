import { expect, test } from "vitest";

import { closingReferences } from "./closing-keywords.ts";

test.each([
  ["Closes #1", [1]],
  ["closed #1, fix #2 and RESOLVES: #3", [1, 2, 3]],
  ["Fixes ada/engine#4 and fixes Ada/Engine#5", [4, 5]],
  ["Fixes ada/other#6", []],
  ["See #7, which discloses #8", []],
  ["Closes #9, closes #9", [9]],
  ["`Closes #1` and\n```\nfixes #2\n```\nbut resolves #3", [3]],
  ["Closes 1", []],
  [null, []],
])("%j closes %j", (text, numbers) => {
  expect(closingReferences(text, "ada/engine")).toEqual(numbers);
});
