import fc from "fast-check";
import { expect, test } from "vitest";
import { MessageWriter } from "./message-writer.ts";

function join(pieces: readonly Uint8Array[]): Buffer {
  return Buffer.concat(pieces);
}

test("integers are big-endian, of whatever sign and size", () => {
  const writer = new MessageWriter();
  fc.assert(
    fc.property(fc.integer({ min: -128, max: 127 }), fc.maxSafeInteger(), (small, large) => {
      const bytes = join(writer.int8(small).int16(small).int32(small).int64(large).take());
      expect(bytes.readInt8(0)).toBe(small);
      expect(bytes.readInt16BE(1)).toBe(small);
      expect(bytes.readInt32BE(3)).toBe(small);
      expect(bytes.readBigInt64BE(7)).toBe(BigInt(large));
    }),
  );
});

test("texts and bytes of any length come after their length, in their order", () => {
  const writer = new MessageWriter();
  const text = fc.tuple(fc.string({ unit: "grapheme", maxLength: 20 }), fc.constantFrom(1, 200, 5_000));
  const value = fc.oneof(
    text.map(([part, times]) => part.repeat(times)),
    fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(1, 100, 3_000)).map(repeatBytes),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 8 }), (values) => {
      for (const each of values) {
        if (typeof each === "string") writer.textValue(each);
        else writer.bytesValue(each);
      }
      const expected = values.map((each) => {
        const bytes = Buffer.from(each as string);
        const length = Buffer.alloc(4);
        length.writeInt32BE(bytes.byteLength);
        return Buffer.concat([length, bytes]);
      });
      expect(join(writer.take()).equals(Buffer.concat(expected))).toBe(true);
    }),
  );
});

test("a length counts what is not copied, too", () => {
  const writer = new MessageWriter();
  const long = Buffer.alloc(10_000, 1);
  writer.value(() => writer.int32(7).bytesValue(long).int8(1), 4);
  const pieces = writer.take();
  expect(join(pieces).readInt32BE(0)).toBe(4 + 4 + 4 + long.byteLength + 1);
  expect(pieces.some((piece) => piece === long)).toBe(true);
});

test("what was taken does not change with what is written next", () => {
  const writer = new MessageWriter();
  const first = writer.text("first").take();
  writer.text("other");
  expect(join(first).toString()).toBe("first");
});

test("what was given up is not in the next message", () => {
  const writer = new MessageWriter();
  writer.text("given up").bytesValue(Buffer.alloc(10_000));
  writer.clear();
  expect(join(writer.textValue("kept").take()).toString("latin1")).toBe("\0\0\0\x04kept");
});

function repeatBytes([part, times]: [Uint8Array, number]): Buffer {
  return Buffer.concat(Array.from({ length: times }, () => part));
}
