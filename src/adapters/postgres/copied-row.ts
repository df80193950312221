import { isUtf8 } from "node:buffer";

const LENGTH_BYTES = 4;
const BIGINT_BYTES = 8;
const TWO_TO_32 = 2 ** 32;

/**
 * A row in the binary format of PostgreSQL's COPY, whose columns are read one after the other: each stands behind its
 * length, which is negative for NULL. https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.4
 */
export class CopiedRow {
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  /** The first column begins at `start`. */
  begin(bytes: Buffer, start: number): void {
    this.#bytes = bytes;
    this.#at = start;
  }

  /** Whether the next column is these bytes: then it is read, otherwise it still is the next. */
  repeats(expected: Buffer): boolean {
    const start = this.#at + LENGTH_BYTES;
    if (this.#bytes.readInt32BE(this.#at) !== expected.length) return false;
    // For some ten bytes a loop is faster than the call that compares buffers.
    for (let index = 0; index < expected.length; index += 1) {
      if (this.#bytes[start + index] !== expected[index]) return false;
    }
    this.#at = start + expected.length;
    return true;
  }

  /** A `text` that is not NULL. Throws when its bytes are no UTF-8, which no statement can store. */
  text(): string {
    const { start, end } = this.#next();
    const bytes = this.#bytes.subarray(start, end);
    if (!isUtf8(bytes)) {
      throw new Error(
        `The database holds the text \\x${bytes.toString("hex")}, which is no UTF-8: its files are damaged.`,
      );
    }
    return bytes.toString();
  }

  /** A `text` of ASCII that is not NULL. */
  ascii(): string {
    const { start, end } = this.#next();
    return this.#bytes.toString("latin1", start, end);
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
    const end = start + this.#bytes.readInt32BE(this.#at);
    this.#at = end;
    return { start, end };
  }
}
