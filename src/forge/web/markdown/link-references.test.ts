import { expect, test } from "vitest";
import { splitReferences } from "./link-references.ts";

test.each([
  ["ask @ada-l, please", "mention:@ada-l"],
  ["thanks @baton[bot]!", "mention:@baton[bot]"],
  ["fixes #12.", "issue:#12"],
  ["see acme/widgets#7 (again)", "issue:acme/widgets#7"],
  [`in ${"a1".repeat(20)}:`, `commit:${"a1".repeat(20)}`],
])("finds the reference in %j", (text, expected) => {
  const found = splitReferences(text).filter((part) => part.kind !== "text");
  expect(found.map((part) => `${part.kind}:${part.text}`)).toEqual([expected]);
});

test.each(["ada@example.org", "a/b/@c", "x#12", "#12abc", "&#39;", "word@", "a1b2c3d"])(
  "leaves %j alone",
  (text) => {
    expect(splitReferences(text)).toEqual([{ kind: "text", text }]);
  },
);
