/** Object ids of the element types, as the server checks them: https://www.postgresql.org/docs/15/datatype-oid.html */
const OID = { bytea: 17, bigint: 20, text: 25, timestamptz: 1184 } as const;

// Arrays are sent in PostgreSQL's binary format (`array_recv`), which the driver hands on as it is. In the text format
// every character of every entry would be quoted and escaped, and then be parsed again.

/** A `text[]` parameter. */
export function textArray(values: readonly (string | null)[]): Buffer {
  let bytes = 0;
  for (const value of values) if (value !== null) bytes += Buffer.byteLength(value);
  const array = startArray(OID.text, values.length, bytes);
  let offset = HEADER_BYTES;
  for (const value of values) {
    const length = value === null ? 0 : array.write(value, offset + LENGTH_BYTES);
    array.writeInt32BE(value === null ? NULL_LENGTH : length, offset);
    offset += LENGTH_BYTES + length;
  }
  return array;
}

/** A `bytea[]` parameter. */
export function byteaArray(values: readonly Uint8Array[]): Buffer {
  const bytes = values.reduce((sum, value) => sum + value.byteLength, 0);
  const array = startArray(OID.bytea, values.length, bytes);
  let offset = HEADER_BYTES;
  for (const value of values) {
    offset = array.writeInt32BE(value.byteLength, offset);
    array.set(value, offset);
    offset += value.byteLength;
  }
  return array;
}

const BIGINT_BYTES = 8;

/** A `bigint[]` parameter of safe integers. */
export function bigintArray(values: readonly (number | null)[]): Buffer {
  return integerArray(OID.bigint, values);
}

/** `timestamptz` counts microseconds from 2000 on. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/** A `timestamptz[]` parameter of milliseconds since 1970. */
export function timestampArray(values: readonly number[]): Buffer {
  return integerArray(
    OID.timestamptz,
    values.map((ms) => (ms - POSTGRES_EPOCH_MS) * 1_000),
  );
}

function integerArray(elementOid: number, values: readonly (number | null)[]): Buffer {
  const count = values.reduce<number>((sum, value) => (value === null ? sum : sum + 1), 0);
  const array = startArray(elementOid, values.length, count * BIGINT_BYTES);
  let offset = HEADER_BYTES;
  for (const value of values) {
    offset = array.writeInt32BE(value === null ? NULL_LENGTH : BIGINT_BYTES, offset);
    if (value === null) continue;
    offset = array.writeInt32BE(Math.floor(value / 2 ** 32), offset);
    offset = array.writeUInt32BE((value % 2 ** 32) >>> 0, offset);
  }
  return array;
}

const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;

/** With its header: dimensions, whether there may be nulls, element type, length and lower bound. */
function startArray(elementOid: number, length: number, bytes: number): Buffer {
  const array = Buffer.allocUnsafe(HEADER_BYTES + length * LENGTH_BYTES + bytes);
  let offset = array.writeInt32BE(1, 0);
  offset = array.writeInt32BE(1, offset);
  offset = array.writeInt32BE(elementOid, offset);
  offset = array.writeInt32BE(length, offset);
  array.writeInt32BE(1, offset);
  return array;
}
