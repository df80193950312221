import { hash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalEnd, GENESIS_HASH, stringTexts } from "../../core/audit/verify-chain.ts";
import { CanonicalByteTexts } from "./canonical-bytes.ts";

const strings = stringTexts((text) => hash("sha256", text));
const bytes = new CanonicalByteTexts();

/** The text's bytes with as many before them, which belong to nobody. */
function bytesOf(canonical: string, room: number) {
  return { bytes: Buffer.concat([Buffer.alloc(room, 0x78), Buffer.from(canonical)]), start: room };
}

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const room = fc.integer({ min: 0, max: 2 * GENESIS_HASH.length });

test("bytes have the hash of the string that they are, wherever they stand", () => {
  const previous = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });
  fc.assert(
    fc.property(previous, text, room, (previousHash, canonical, before) => {
      const hashed = bytes.linkHash(previousHash, bytesOf(canonical, before));
      expect(hashed).toBe(strings.linkHash(previousHash, canonical));
    }),
  );
});

test("bytes end at an entry's place when the string that they are does", () => {
  const place = fc.record({
    task: fc.oneof(fc.constantFrom("1-2-1", "1-2-11"), text),
    sequence: fc.oneof(fc.constantFrom(0, 1, 9, 10, 11, 100, 111), fc.nat(), fc.maxSafeNat()),
  });
  fc.assert(
    fc.property(place, place, text, room, (stored, asked, start, before) => {
      const whole = start + canonicalEnd(stored.task, stored.sequence);
      for (const canonical of [whole, whole.slice(1), `${whole} `, whole.slice(start.length + 1)]) {
        for (const { task, sequence } of [stored, asked]) {
          const ends = bytes.endsAt(bytesOf(canonical, before), task, sequence);
          expect(ends).toBe(strings.endsAt(canonical, task, sequence));
        }
      }
    }),
  );
});

test("what stands before the bytes is no part of them", () => {
  const end = canonicalEnd("1-2-1", 7);
  const stored = { bytes: Buffer.from(end), start: 1 };
  expect(bytes.endsAt(stored, "1-2-1", 7)).toBe(false);
  expect(bytes.endsAt({ ...stored, start: 0 }, "1-2-1", 7)).toBe(true);
});
