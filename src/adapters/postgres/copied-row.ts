import { isUtf8 } from "node:buffer";

const LENGTH_BYTES = 4;
const BIGINT_BYTES = 8;
const TWO_TO_32 = 2 ** 32;
const LAST_ASCII = 0x7f;
/** Stands in a text for each byte that is none of a character. */
const REPLACEMENT = "\ufffd";

/**
 * A row in the binary format of PostgreSQL's COPY, whose columns are read one after the other: each stands behind its
 * length, which is negative for NULL. https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.4
 */
export class CopiedRow {
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  /** What `text` was last. */
  #text = "";

  /** The first column begins at `start`. */
  begin(bytes: Buffer, start: number): void {
    this.#bytes = bytes;
    this.#at = start;
  }

  /**
   * A `text` that is not NULL, and which many rows have in common with the row before: it is made only when it differs.
   * Throws when its bytes are no UTF-8, which no statement can store.
   */
  text(): string {
    const { start, end } = this.#next();
    if (!this.#repeats(start, end)) this.#text = this.#decode(start, end);
    return this.#text;
  }

  /** A `bytea` in hex; empty for NULL. */
  hex(): string {
    const { start, end } = this.#next();
    return this.#bytes.toString("hex", start, end);
  }

  /** A `bigint` that is not NULL. Throws when it is too large for a safe integer, as the driver's other reader does. */
  bigint(): number {
    const start = this.#at + LENGTH_BYTES;
    this.#at = start + BIGINT_BYTES;
    const value = this.#bytes.readInt32BE(start) * TWO_TO_32 + this.#bytes.readUInt32BE(start + 4);
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is too large for a safe integer.`);
    return value;
  }

  /** The last column: its bytes are those from `start` to the end; null for NULL. */
  last(): { readonly bytes: Buffer; readonly start: number } | null {
    const length = this.#bytes.readInt32BE(this.#at);
    return length < 0 ? null : { bytes: this.#bytes, start: this.#at + LENGTH_BYTES };
  }

  #next(): { readonly start: number; readonly end: number } {
    const start = this.#at + LENGTH_BYTES;
    const end = start + Math.max(0, this.#bytes.readInt32BE(this.#at));
    this.#at = end;
    return { start, end };
  }

  /** Only ASCII is compared, whose bytes are its characters. For some ten of them a loop is faster than decoding. */
  #repeats(start: number, end: number): boolean {
    if (end - start !== this.#text.length) return false;
    for (let at = start; at < end; at += 1) {
      const byte = this.#bytes[at] ?? LAST_ASCII + 1;
      if (byte > LAST_ASCII || byte !== this.#text.charCodeAt(at - start)) return false;
    }
    return true;
  }

  #decode(start: number, end: number): string {
    const text = this.#bytes.toString("utf8", start, end);
    if (!text.includes(REPLACEMENT)) return text;
    const bytes = this.#bytes.subarray(start, end);
    if (isUtf8(bytes)) return text;
    throw new Error(
      `The database holds the text \\x${bytes.toString("hex")}, which is no UTF-8: its files are damaged.`,
    );
  }
}
