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
    const digitsStart = taskStart - digitsOf(sequence);
    const keyStart = digitsStart - SEQUENCE_KEY.length;
    return (
      keyStart >= start &&
      stands(this.#taskEnd, bytes, taskStart) &&
      standsNumber(sequence, bytes, digitsStart, taskStart) &&
      stands(SEQUENCE_KEY, bytes, keyStart)
    );
  }
}

// For some ten bytes a loop is faster than the calls that compare buffers.
function stands(expected: Buffer, bytes: Buffer, at: number): boolean {
  for (let index = 0; index < expected.length; index += 1) {
    if (bytes[at + index] !== expected[index]) return false;
  }
  return true;
}

function digitsOf(sequence: number): number {
  let digits = 1;
  for (let rest = sequence; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
  return digits;
}

function standsNumber(sequence: number, bytes: Buffer, from: number, to: number): boolean {
  let rest = sequence;
  for (let at = to - 1; at >= from; at -= 1) {
    if (bytes[at] !== DIGIT_0 + (rest % 10)) return false;
    rest = Math.floor(rest / 10);
  }
  return true;
}
