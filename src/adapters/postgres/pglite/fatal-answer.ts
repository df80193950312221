/** Type byte of an ErrorResponse, and the code of the field that holds its severity in English. */
const ERROR_RESPONSE = 0x45;
const SEVERITY = 0x56;

/** Severities after which the backend that said so is gone; PGlite then no longer answers, and does not end either. */
const LAST_WORDS = new Set(["FATAL", "PANIC"]);

/**
 * Whether an answer of the database holds its last words. `bytes` are whole messages of PostgreSQL's protocol: type,
 * length and body; an error's body is fields of a code and a text that ends in a zero.
 * https://www.postgresql.org/docs/15/protocol-message-formats.html
 */
export function isFatalAnswer(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 0; offset + 5 <= bytes.byteLength;) {
    const end = offset + 1 + view.getInt32(offset + 1);
    if (bytes[offset] === ERROR_RESPONSE && LAST_WORDS.has(severityOf(bytes.subarray(offset + 5, end))))
      return true;
    offset = end;
  }
  return false;
}

function severityOf(fields: Uint8Array): string {
  for (let offset = 0; offset < fields.byteLength && fields[offset] !== 0;) {
    const end = fields.indexOf(0, offset + 1);
    if (end === -1) return "";
    if (fields[offset] === SEVERITY) return Buffer.from(fields.subarray(offset + 1, end)).toString("latin1");
    offset = end + 1;
  }
  return "";
}
