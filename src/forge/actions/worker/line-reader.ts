import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** Cuts a stream of bytes into lines. */
export class LineReader {
  readonly #decoder = new StringDecoder("utf8");
  readonly #onLine: (line: string) => void;
  #rest = "";
  #isFinished = false;
  #chunks = 0;

  constructor(stream: Readable, onLine: (line: string) => void) {
    this.#onLine = onLine;
    // The stream is read on after the end: whoever still writes to it must not be stopped by a full pipe.
    stream.on("data", (chunk: Buffer) => this.#take(chunk));
  }

  /** How often something came. */
  get chunks(): number {
    return this.#chunks;
  }

  /** Hands over an unfinished last line and looks at nothing that comes later. */
  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    const rest = this.#rest + this.#decoder.end();
    if (rest !== "") this.#onLine(rest);
  }

  #take(chunk: Buffer): void {
    this.#chunks += 1;
    if (this.#isFinished) return;
    const lines = (this.#rest + this.#decoder.write(chunk)).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#onLine(line.replace(/\r$/, ""));
  }
}
