import fc from "fast-check";
import { expect, test } from "vitest";
import { createKeyScrubber } from "./scrub-key.ts";

const KEY = "abab-key";

test("takes the key out of bytes that are cut anywhere, and changes nothing else", () => {
  const piece = fc.constantFrom("a", "b", "ab", "aba", "abab-", "-key", KEY, "x", "ü");
  fc.assert(
    fc.property(fc.array(piece), fc.array(fc.nat(), { maxLength: 20 }), (pieces, places) => {
      const text = pieces.join("");
      const bytes = Buffer.from(text);
      const at = [
        0,
        ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b),
        bytes.length,
      ];
      const scrubber = createKeyScrubber(KEY);
      const out = at
        .slice(1)
        .map((end, index) => Buffer.from(scrubber.write(bytes.subarray(at[index], end))));
      const scrubbed = Buffer.concat([...out, scrubber.end()]).toString("utf8");
      expect(scrubbed).toBe(text.replaceAll(KEY, "*".repeat(KEY.length)));
    }),
  );
});

test("holds nothing back of an event that ends as events do", () => {
  const event = Buffer.from('data: {"text":"abab"}\n\n');
  expect(createKeyScrubber(KEY).write(event)).toEqual(event);
});
