import { expect, test } from "vitest";

import { parseObject } from "./parse-object.ts";

const oid = "a".repeat(40);

test("an object is read up to its length, whatever its content holds", () => {
  const bytes = Buffer.from(`${oid} blob 9\nx missing\nnext`);
  expect(parseObject(bytes, "name")).toEqual({
    kind: "whole",
    object: { oid, type: "blob", content: Buffer.from("x missing") },
    length: bytes.length - "next".length,
  });
});

test.each(["missing", "ambiguous"])("a name that is %s is none, also when it holds a newline", (word) => {
  const name = "refs/heads/a\nb";
  const bytes = Buffer.from(`${name} ${word}\n${oid} tree 0\n\n`);
  expect(parseObject(bytes, name)).toEqual({
    kind: "whole",
    object: undefined,
    length: `${name} ${word}\n`.length,
  });
});

test.each([
  ["missing", `${oid} missing\n`],
  ["ambiguous", `${oid} ambiguous\n`],
  ["an object", `${oid} blob 3\nabc\n`],
])("%s that came in part is waited for, at every length", (_what, answer) => {
  const bytes = Buffer.from(answer);
  for (let length = 0; length < bytes.length; length += 1) {
    const parsed = parseObject(bytes.subarray(0, length), oid);
    expect(parsed.kind).toBe("incomplete");
    const needed = parsed.kind === "incomplete" ? parsed.neededBytes : 0;
    expect(needed).toBeGreaterThan(length);
    expect(needed).toBeLessThanOrEqual(bytes.length);
  }
  expect(parseObject(bytes, oid)).toMatchObject({ kind: "whole", length: bytes.length });
});

test("an answer of another kind is no answer", () => {
  expect(() => parseObject(Buffer.from("fatal nonsense 1\n"), "name")).toThrow(/answered "fatal nonsense"/);
});
