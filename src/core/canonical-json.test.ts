import canonicalize from "canonicalize";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, storableJson } from "./canonical-json.ts";

test("keys have one order, whatever the value's", () => {
  expect(canonicalJson({ b: 1, a: [true, null] })).toBe('{"a":[true,null],"b":1}');
});

test.for([
  ["numbers as keys", { "10": 1, "9": { "1": 2, a: 3 }, b: 4 }, '{"10":1,"9":{"1":2,"a":3},"b":4}'],
  ["a prototype as key", JSON.parse('{"b":1,"__proto__":{"a":2}}'), '{"__proto__":{"a":2},"b":1}'],
  ["a date", { b: new Date(0), a: 1 }, '{"a":1,"b":"1970-01-01T00:00:00.000Z"}'],
  ["what is left out", { b: undefined, a: [undefined] }, '{"a":[null]}'],
  ["an escape that is text", { text: "\\ud83d" }, String.raw`{"text":"\\ud83d"}`],
])("%s", ([, value, json]) => {
  expect(canonicalJson(value)).toBe(json);
});

test("any value has the text of RFC 8785", () => {
  const key = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("__proto__", "10", "9", "toJSON", ""),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.string({ unit: "grapheme" }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value")),
      fc.dictionary(key, tie("value"), { noNullPrototype: false }),
    ),
  }));
  fc.assert(
    fc.property(value, (given) => {
      expect(canonicalJson(given)).toBe(canonicalize(given));
    }),
  );
});

test("half a character is mended, a whole one is kept", () => {
  expect(canonicalJson({ text: "a\ud83d" })).toBe('{"text":"a\ufffd"}');
  expect(storableJson({ text: "\udc00b", other: "😀" })).toBe('{"text":"\ufffdb","other":"😀"}');
});

test.for([Number.NaN, { n: Number.NaN }, [Number.POSITIVE_INFINITY]])(
  "what JSON cannot say throws: %s",
  (value) => {
    expect(() => canonicalJson(value)).toThrow();
  },
);
