import { Query } from "pg";
import { CopiedRow } from "./copied-row.ts";
import { failureOfStatement } from "./sql-failure.ts";

/** https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.4: how the binary format begins, and its flags. */
const SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0", "latin1");
const FLAGS_BYTES = 4;
const LENGTH_BYTES = 4;
/** How many columns a row has stands before it; this many have none, and end the data. */
const COUNT_BYTES = 2;
const END_OF_ROWS = -1;

/**
 * A query whose rows come through COPY. The driver makes strings and objects of an ordinary query's rows, which takes
 * longer than verifying an entry of the record does; COPY's messages it hands on as bytes, always one for each row.
 */
export class CopyQuery extends Query {
  readonly #take: (row: CopiedRow) => void;
  readonly #row = new CopiedRow();
  #rows = 0;
  #hasBegun = false;
  /** What `take` threw. An error must not get into the driver, which would lose its place among the messages. */
  #refusal: { readonly error: unknown } | null = null;

  constructor(
    query: string,
    take: (row: CopiedRow) => void,
    settle: { readonly resolve: (rows: number) => void; readonly reject: (error: unknown) => void },
  ) {
    super({ text: `COPY (${query}) TO STDOUT (FORMAT binary)` }, (error: Error | undefined) => {
      if (error) settle.reject(failureOfStatement(error));
      else if (this.#refusal) settle.reject(this.#refusal.error);
      else settle.resolve(this.#rows);
    });
    this.#take = take;
  }

  /** Called by the driver with each message of the data. */
  handleCopyData(message: { readonly chunk: Buffer }): void {
    if (this.#refusal) return;
    const bytes = this.#hasBegun ? message.chunk : withoutHeader(message.chunk);
    this.#hasBegun = true;
    if (bytes.length < COUNT_BYTES || bytes.readInt16BE(0) === END_OF_ROWS) return;
    this.#rows += 1;
    this.#row.begin(bytes, COUNT_BYTES);
    try {
      this.#take(this.#row);
    } catch (error) {
      this.#refusal = { error };
    }
  }
}

/** The server sends the header in front of the first row, or of the end where there is none. */
function withoutHeader(chunk: Buffer): Buffer {
  const extensionAt = SIGNATURE.length + FLAGS_BYTES;
  return chunk.subarray(extensionAt + LENGTH_BYTES + chunk.readUInt32BE(extensionAt));
}
