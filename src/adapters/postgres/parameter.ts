import type { MessageWriter } from "./message-writer.ts";

/** What is sent in PostgreSQL's binary format of its type. */
export type BinaryParameter = { writeTo(message: MessageWriter): void };

/** What a statement is given: a string, number or boolean in PostgreSQL's text format, bytes as `bytea`. */
export type Parameter = string | number | boolean | null | Uint8Array | BinaryParameter;

/** Object ids of the element types, as the server checks them: https://www.postgresql.org/docs/15/datatype-oid.html */
const OID = { bytea: 17, bigint: 20, text: 25, timestamptz: 1184 } as const;

// In the text format of an array every character of every element would be quoted and escaped, and then be parsed again.

/** A `text[]` parameter. */
export function textArray(values: readonly (string | null)[]): BinaryParameter {
  return arrayOf(OID.text, values, (message, value) => message.textValue(value));
}

/** A `bytea[]` parameter. Its elements must not change before the statement has ended. */
export function byteaArray(values: readonly Uint8Array[]): BinaryParameter {
  return arrayOf(OID.bytea, values, (message, value) => message.bytesValue(value));
}

/** A `bigint[]` parameter of safe integers. */
export function bigintArray(values: readonly (number | null)[]): BinaryParameter {
  return arrayOf(OID.bigint, values, (message, value) => message.int32(BIGINT_BYTES).int64(value));
}

/** A `timestamptz[]` parameter of milliseconds since 1970. */
export function timestampArray(values: readonly number[]): BinaryParameter {
  return arrayOf(OID.timestamptz, values, (message, ms) =>
    message.int32(BIGINT_BYTES).int64((ms - POSTGRES_EPOCH_MS) * 1_000),
  );
}

const BIGINT_BYTES = 8;

/** `timestamptz` counts microseconds from 2000 on. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/** As `array_recv` takes it: dimensions, whether there may be nulls, element type, length and lower bound. */
function arrayOf<Value>(
  elementOid: number,
  values: readonly (Value | null)[],
  write: (message: MessageWriter, value: Value) => void,
): BinaryParameter {
  return {
    writeTo(message) {
      message.int32(1).int32(1).int32(elementOid).int32(values.length).int32(1);
      for (const value of values) {
        if (value === null) message.nullValue();
        else write(message, value);
      }
    },
  };
}
