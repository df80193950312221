import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRawDiff, type RawChange } from "./raw-diff.ts";

const sha = fc.stringMatching(/^[0-9a-f]{40}$/);
const mode = fc.constantFrom("000000", "100644", "100755", "120000", "160000");
const path = fc
  .string({ unit: "grapheme", minLength: 1 })
  .filter((text) => !text.includes("\0") && isText(text));

const change: fc.Arbitrary<RawChange> = fc.record({
  path,
  oldMode: mode,
  mode,
  oldSha: sha,
  sha,
  status: fc.constantFrom("A" as const, "M" as const, "D" as const, "T" as const),
});

function isText(text: string): boolean {
  return Buffer.from(text, "utf8").toString("utf8") === text;
}

function write(changes: readonly RawChange[]): Buffer {
  const lines = changes.map(
    (item) => `:${item.oldMode} ${item.mode} ${item.oldSha} ${item.sha} ${item.status}\0${item.path}\0`,
  );
  return Buffer.from(lines.join(""), "utf8");
}

test("reads back every list of changes, whatever the paths are made of", () => {
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      expect(parseRawDiff(write(changes))).toEqual({ ok: true, value: changes });
    }),
  );
});

test("never throws on other bytes, and never makes a change up", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const parsed = parseRawDiff(Buffer.from(bytes));
      expect(parsed.ok && parsed.value.length > 0).toBe(false);
    }),
  );
});

test("refuses a path that is no UTF-8, since rules would look at another name", () => {
  const bytes = Buffer.concat([
    Buffer.from(`:000000 100644 ${"0".repeat(40)} ${"a".repeat(40)} A\0src/`),
    Buffer.from([0xff, 0x00]),
  ]);
  expect(parseRawDiff(bytes)).toEqual({ ok: false, error: 'The path "src/ÿ" is not valid UTF-8.' });
});

test("refuses a change whose path is missing", () => {
  const line = Buffer.from(`:000000 100644 ${"0".repeat(40)} ${"a".repeat(40)} A\0`);
  expect(parseRawDiff(line).ok).toBe(false);
});
