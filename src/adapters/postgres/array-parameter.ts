/** Object ids of the element types, as the server checks them: https://www.postgresql.org/docs/15/datatype-oid.html */
const ELEMENT_OID = { text: 25, bytea: 17 } as const;

/**
 * A `text[]` parameter in PostgreSQL's binary array format (`array_recv`), which the driver sends as it is. The text
 * format would quote and escape every character of every event, and then be parsed again.
 */
export function textArray(values: readonly (string | null)[]): Buffer {
  return encodeArray(
    ELEMENT_OID.text,
    values.map((value) => (value === null ? null : Buffer.from(value, "utf8"))),
  );
}

/** A `bytea[]` parameter; in the text format every byte would be two hex digits. */
export function byteaArray(values: readonly Uint8Array[]): Buffer {
  return encodeArray(ELEMENT_OID.bytea, values);
}

const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;

/** Header: dimensions, whether there are nulls, element type, length and lower bound; then each element's length and bytes. */
function encodeArray(elementOid: number, values: readonly (Uint8Array | null)[]): Buffer {
  const size = values.reduce((sum, value) => sum + LENGTH_BYTES + (value?.byteLength ?? 0), HEADER_BYTES);
  const buffer = Buffer.allocUnsafe(size);
  let offset = buffer.writeInt32BE(1, 0);
  offset = buffer.writeInt32BE(values.includes(null) ? 1 : 0, offset);
  offset = buffer.writeInt32BE(elementOid, offset);
  offset = buffer.writeInt32BE(values.length, offset);
  offset = buffer.writeInt32BE(1, offset);
  for (const value of values) {
    offset = buffer.writeInt32BE(value === null ? -1 : value.byteLength, offset);
    if (value === null) continue;
    buffer.set(value, offset);
    offset += value.byteLength;
  }
  return buffer;
}
