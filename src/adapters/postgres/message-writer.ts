const INITIAL_BYTES = 64 * 1024;
/** A message that needed more does not keep its room for ever. */
const MAX_KEPT_BYTES = 1024 * 1024;

/** From here on a value is cheaper to send as a piece of its own than to copy. */
const LONG_VALUE_BYTES = 4 * 1024;

/** In UTF-8, of what counts as one character in a string. */
const MAX_BYTES_OF_CHARACTER = 3;

/** Characters up to which a text gets room for the most bytes that it can have, instead of being counted. */
const SHORT_TEXT = 1_024;

/** Stands where the length of a value would. */
const NULL_LENGTH = -1;

/**
 * Writes messages of PostgreSQL's protocol, in which integers are big-endian and a value comes after its length. The
 * driver's own writer copies what it has each time its buffer has to grow, and each value into an array before; for a
 * webhook's body that took as long as sending it. Here a long value is not copied at all.
 */
export class MessageWriter {
  #buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #offset = 0;
  /** Those that are not copied, each with its place between the bytes of the buffer. */
  #longValues: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  #longBytes = 0;

  int8(value: number): this {
    this.#ensure(1);
    this.#offset = this.#buffer.writeInt8(value, this.#offset);
    return this;
  }

  int16(value: number): this {
    this.#ensure(2);
    this.#offset = this.#buffer.writeInt16BE(value, this.#offset);
    return this;
  }

  int32(value: number): this {
    this.#ensure(4);
    this.#offset = this.#buffer.writeInt32BE(value, this.#offset);
    return this;
  }

  /** A safe integer. */
  int64(value: number): this {
    this.#ensure(8);
    this.#offset = this.#buffer.writeInt32BE(Math.floor(value / 2 ** 32), this.#offset);
    this.#offset = this.#buffer.writeUInt32BE((value % 2 ** 32) >>> 0, this.#offset);
    return this;
  }

  /** Characters as they are, without a length. */
  text(value: string): this {
    const isShort = value.length <= SHORT_TEXT;
    this.#ensure(isShort ? value.length * MAX_BYTES_OF_CHARACTER : Buffer.byteLength(value));
    this.#offset += this.#buffer.write(value, this.#offset);
    return this;
  }

  /** Characters up to a zero. */
  zeroEnded(value: string): this {
    return this.text(value).int8(0);
  }

  textValue(value: string): this {
    const start = this.int32(0).#offset;
    this.text(value).#buffer.writeInt32BE(this.#offset - start, start - 4);
    return this;
  }

  /** A long one is sent from where it lies: it must not change before it is. */
  bytesValue(value: Uint8Array): this {
    this.int32(value.byteLength);
    if (value.byteLength >= LONG_VALUE_BYTES) {
      this.#longValues.push({ offset: this.#offset, bytes: value });
      this.#longBytes += value.byteLength;
    } else {
      this.#ensure(value.byteLength);
      this.#buffer.set(value, this.#offset);
      this.#offset += value.byteLength;
    }
    return this;
  }

  nullValue(): this {
    return this.int32(NULL_LENGTH);
  }

  /** Whatever `write` writes, after its length; `lengthsOwn` is what the length itself counts with it. */
  value(write: () => void, lengthsOwn = 0): this {
    const at = this.#offset;
    this.int32(0);
    const before = this.#offset + this.#longBytes;
    write();
    this.#buffer.writeInt32BE(this.#offset + this.#longBytes - before + lengthsOwn, at);
    return this;
  }

  /** All that was written, as pieces that follow one another; the writer is empty then. */
  take(): readonly Uint8Array[] {
    const copied = Buffer.from(this.#buffer.subarray(0, this.#offset));
    const pieces: Uint8Array[] = [];
    let from = 0;
    for (const { offset, bytes } of this.#longValues) {
      pieces.push(copied.subarray(from, offset), bytes);
      from = offset;
    }
    pieces.push(copied.subarray(from));
    this.clear();
    return pieces;
  }

  clear(): void {
    if (this.#buffer.byteLength > MAX_KEPT_BYTES) this.#buffer = Buffer.allocUnsafe(INITIAL_BYTES);
    this.#offset = 0;
    this.#longValues = [];
    this.#longBytes = 0;
  }

  #ensure(bytes: number): void {
    if (this.#offset + bytes <= this.#buffer.byteLength) return;
    const larger = Buffer.allocUnsafe(2 * (this.#offset + bytes));
    this.#buffer.copy(larger, 0, 0, this.#offset);
    this.#buffer = larger;
  }
}
