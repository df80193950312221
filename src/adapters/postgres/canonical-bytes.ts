import { hash } from "node:crypto";
import type { ChainTexts } from "../../core/audit/verify-chain.ts";
import { canonicalTaskEnd, GENESIS_HASH } from "../../core/audit/verify-chain.ts";

/** A canonical text as it is stored: the bytes from `start` to the end. What stands before them may be written over. */
export type CanonicalBytes = { readonly bytes: Buffer; readonly start: number };

const SEQUENCE_KEY = Buffer.from(`,"sequence":`);
const DIGIT_0 = 0x30;

/** Canonical texts as bytes, of which no string is made: hashing costs less than that. */
export class CanonicalByteTexts implements ChainTexts<CanonicalBytes> {
  /** The task that was asked for last, and how its texts end. */
  #task = "";
  #taskEnd = Buffer.from(canonicalTaskEnd(""));

  /** Writes the previous hash in front of the text, so that both are hashed where they are. */
  linkHash(previousHash: string, { bytes, start }: CanonicalBytes): string {
    const linkStart = start - GENESIS_HASH.length;
    if (linkStart < 0) {
      return hash("sha256", Buffer.concat([Buffer.from(previousHash), bytes.subarray(start)]));
    }
    bytes.write(previousHash, linkStart, "latin1");
    return hash("sha256", bytes.subarray(linkStart));
  }

  endsAt({ bytes, start }: CanonicalBytes, task: string, sequence: number): boolean {
    if (task !== this.#task) {
      this.#task = task;
      this.#taskEnd = Buffer.from(canonicalTaskEnd(task));
    }
    const taskStart = bytes.length - this.#taskEnd.length;
    const keyStart = digitsStart(bytes, taskStart, sequence) - SEQUENCE_KEY.length;
    return (
      keyStart >= start && stands(this.#taskEnd, bytes, taskStart) && stands(SEQUENCE_KEY, bytes, keyStart)
    );
  }
}

// For some ten bytes loops are faster than the calls that compare buffers.
function stands(expected: Buffer, bytes: Buffer, at: number): boolean {
  for (let index = 0; index < expected.length; index += 1) {
    if (bytes[at + index] !== expected[index]) return false;
  }
  return true;
}

/** Where the number begins that ends before `end`; -1 when another one stands there. */
function digitsStart(bytes: Buffer, end: number, number: number): number {
  let rest = number;
  let at = end;
  do {
    at -= 1;
    if (bytes[at] !== DIGIT_0 + (rest % 10)) return -1;
    rest = Math.floor(rest / 10);
  } while (rest > 0);
  return at;
}
