import { expect, test } from "vitest";
import { canonicalJson, storableJson } from "./canonical-json.ts";

test("keys have one order, whatever the value's", () => {
  expect(canonicalJson({ b: 1, a: [true, null] })).toBe('{"a":[true,null],"b":1}');
});

test("half a character is mended, a whole one is kept", () => {
  expect(canonicalJson({ text: "a\ud83d" })).toBe('{"text":"a\ufffd"}');
  expect(storableJson({ text: "\udc00b", other: "😀" })).toBe('{"text":"\ufffdb","other":"😀"}');
});

test("what JSON cannot say throws", () => {
  expect(() => canonicalJson({ n: Number.NaN })).toThrow();
});
