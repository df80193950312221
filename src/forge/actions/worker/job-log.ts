import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";

import type { SecretMask } from "./mask-secrets.ts";

/**
 * A job's log: one file for each step, written line by line so that it can be read while the job runs. The
 * job's whole log is its steps' files in the order of their numbers.
 */
export class JobLog {
  readonly #directory: string;
  readonly #mask: SecretMask;
  #file: number | null = null;
  #lines = 0;

  constructor(directory: string, mask: SecretMask) {
    this.#directory = directory;
    this.#mask = mask;
    mkdirSync(directory, { recursive: true });
  }

  /** Sends what follows to the log of a step. */
  beginStep(number: number): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = openSync(join(this.#directory, `${number}.log`), "a");
    this.#lines = 0;
  }

  /** Lines of the current step so far: where an annotation that names no file points to. */
  get lineCount(): number {
    return this.#lines;
  }

  write(text: string): void {
    const lines = this.#mask.apply(text).split("\n");
    this.#lines += lines.length;
    const stamp = logTimestamp(new Date());
    if (this.#file === null) throw new Error("No step has begun to which a line could belong");
    writeSync(this.#file, lines.map((line) => `${stamp} ${line}\n`).join(""));
  }
}

/** GitHub's logs count in steps of 100 ns. */
export function logTimestamp(date: Date): string {
  return date.toISOString().replace("Z", "0000Z");
}
