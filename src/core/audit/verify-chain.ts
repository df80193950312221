import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";

/** One event as it stands in the record; `hash` is lower-case hex. */
export type ChainLink = {
  readonly task: string;
  readonly sequence: number;
  readonly canonical: string;
  readonly hash: string;
};

/** Where a chain ends: the number of its events, and the hash (hex) of the last. */
export type ChainEnd = { readonly length: number; readonly head: string };

/**
 * Where a task's record stops being what was written, and how that shows. `ends-elsewhere`: what is there is sound up
 * to this event, but it is not the last one according to what was kept beside the events.
 */
export type ChainFault = {
  readonly sequence: number;
  readonly kind: "gap" | "misplaced" | "hash-differs" | "ends-elsewhere";
};

/** What stands before a task's first event. */
export const GENESIS_HASH = "0".repeat(64);

/** The text whose SHA-256 is an event's hash: the hash before it in hex, then its canonical JSON, as UTF-8. */
export function linkText(previousHash: string, canonical: string): string {
  return previousHash + canonical;
}

/**
 * Checks all of one task's events, in order, against the hashes stored with them. `sha256` maps a text's UTF-8 bytes
 * to hex. A record whose last events were cut off is a valid shorter chain: only comparing `head` with one that was
 * kept elsewhere shows that.
 */
export function verifyChain(
  links: readonly ChainLink[],
  sha256: (text: string) => string,
): Result<ChainEnd, ChainFault> {
  const verifier = new ChainVerifier(links[0]?.task ?? "", sha256);
  for (const link of links) verifier.add(link);
  return verifier.fault ? err(verifier.fault) : ok(verifier.end);
}

/** Checks one task's events as they come, so that a record need not be in memory as a whole. */
export class ChainVerifier {
  readonly task: string;
  readonly #sha256: (text: string) => string;
  /** How the canonical texts of this task's events end. */
  readonly #taskText: string;
  #length = 0;
  #head = GENESIS_HASH;
  #fault: ChainFault | null = null;

  constructor(task: string, sha256: (text: string) => string) {
    this.task = task;
    this.#sha256 = sha256;
    this.#taskText = `,"task":${JSON.stringify(task)}}`;
  }

  /** Up to where the events are verified. */
  get end(): ChainEnd {
    return { length: this.#length, head: this.#head };
  }

  /** The first that was found: behind it nothing can be judged. */
  get fault(): ChainFault | null {
    return this.#fault;
  }

  add(link: ChainLink): void {
    if (this.#fault) return;
    const sequence = this.#length + 1;
    const hash = this.#sha256(linkText(this.#head, link.canonical));
    if (link.sequence !== sequence) this.#fault = { sequence, kind: "gap" };
    else if (!this.#isInPlace(link)) this.#fault = { sequence, kind: "misplaced" };
    else if (hash !== link.hash) this.#fault = { sequence, kind: "hash-differs" };
    if (this.#fault) return;
    this.#length = sequence;
    this.#head = hash;
  }

  /** After all events that there are: does the chain end where others know it to? null: they do not know of it. */
  finish(kept: ChainEnd | null): void {
    if (this.#fault || (kept?.length === this.#length && kept.head === this.#head)) return;
    this.#fault = { sequence: this.#length, kind: "ends-elsewhere" };
  }

  /**
   * RFC 8785 sorts `sequence` and `task` behind `event` and `meta`, and neither a string nor an inner object can end in
   * the same characters. So the event's place is checked without parsing it.
   */
  #isInPlace({ task, sequence, canonical }: ChainLink): boolean {
    return task === this.task && canonical.endsWith(`,"sequence":${sequence}${this.#taskText}`);
  }
}
