import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tail, truncate } from "./truncate.ts";

describe("truncating", () => {
  test("a text that fits stays as it is", () => {
    expect(truncate("short", 100)).toBe("short");
    expect(truncate("x".repeat(100), 100)).toBe("x".repeat(100));
  });

  test("a longer one ends in a note that it was cut", () => {
    expect(truncate("x".repeat(101), 100)).toBe(
      `${"x".repeat(59)}\n\n_(cut: GitHub takes no more than this)_`,
    );
  });

  test("it is never longer than allowed, and never half of a character", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 300 }),
        fc.integer({ min: 50, max: 200 }),
        (text, max) => {
          const cut = truncate(text, max);
          expect(cut.length).toBeLessThanOrEqual(max);
          expect(cut.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});

describe("the end of a text", () => {
  test("begins with a line", () => {
    expect(tail("first\nsecond\nthird", 10)).toBe("third");
    expect(tail("short", 10)).toBe("short");
  });

  test("is what fits where there is one line only", () => {
    expect(tail("0123456789abc", 10)).toBe("3456789abc");
  });

  test("is never longer than allowed, and never half of a character", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 300 }),
        fc.integer({ min: 1, max: 200 }),
        (text, max) => {
          expect(tail(text, max).length).toBeLessThanOrEqual(max);
          expect(tail(text, max).isWellFormed()).toBe(true);
          expect(text.endsWith(tail(text, max))).toBe(true);
        },
      ),
    );
  });
});
