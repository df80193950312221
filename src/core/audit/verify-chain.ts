import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";

/** One entry as it stands in the record; `hash` is lower-case hex. Its text may be a string, or bytes of UTF-8. */
export type ChainLink<Text = string> = {
  readonly task: string;
  readonly sequence: number;
  readonly canonical: Text;
  readonly hash: string;
};

/** What verifying asks of a kind of canonical texts. */
export type ChainTexts<Text> = {
  /** SHA-256, in hex, of what `linkText` makes of the two, as UTF-8. */
  linkHash(previousHash: string, canonical: Text): string;
  /** Whether the text's last characters are those of `canonicalEnd`. */
  endsAt(canonical: Text, task: string, sequence: number): boolean;
};

/** Where a chain ends: the number of its entries, and the hash (hex) of the last. */
export type ChainEnd = { readonly length: number; readonly head: string };

/**
 * Where a task's record stops being what was written, and how that shows. `ends-elsewhere`: what is there is sound up
 * to this entry, but it is not the last one according to what was kept beside the entries.
 */
export type ChainFault = {
  readonly sequence: number;
  readonly kind: "gap" | "misplaced" | "hash-differs" | "ends-elsewhere";
};

/** What stands before a task's first entry. */
export const GENESIS_HASH = "0".repeat(64);

/** The text whose SHA-256 is an entry's hash: the hash before it in hex, then its canonical JSON, as UTF-8. */
export function linkText(previousHash: string, canonical: string): string {
  return previousHash + canonical;
}

/**
 * How the canonical text of every entry of the task ends, behind its sequence: RFC 8785 sorts `sequence` and `task`
 * behind `events` and `meta`, and neither a string nor an inner object can end in the same characters. So an entry's
 * place is checked without parsing it.
 */
export function canonicalTaskEnd(task: string): string {
  return `,"task":${JSON.stringify(task)}}`;
}

export function canonicalEnd(task: string, sequence: number): string {
  return `,"sequence":${sequence}${canonicalTaskEnd(task)}`;
}

/** Canonical texts as strings; `sha256` maps a text's UTF-8 bytes to hex. */
export function stringTexts(sha256: (text: string) => string): ChainTexts<string> {
  return {
    linkHash: (previousHash, canonical) => sha256(linkText(previousHash, canonical)),
    endsAt: (canonical, task, sequence) => canonical.endsWith(canonicalEnd(task, sequence)),
  };
}

/**
 * Checks all of one task's entries, in order, against the hashes stored with them. `sha256` maps a text's UTF-8 bytes
 * to hex. A record whose last entries were cut off is a valid shorter chain: only comparing `head` with one that was
 * kept elsewhere shows that.
 */
export function verifyChain(
  links: readonly ChainLink[],
  sha256: (text: string) => string,
): Result<ChainEnd, ChainFault> {
  const verifier = new ChainVerifier(links[0]?.task ?? "", stringTexts(sha256));
  for (const link of links) verifier.add(link);
  return verifier.fault ? err(verifier.fault) : ok(verifier.end);
}

/** Checks one task's entries as they come, so that a record need not be in memory as a whole. */
export class ChainVerifier<Text> {
  readonly task: string;
  readonly #texts: ChainTexts<Text>;
  #length = 0;
  #head = GENESIS_HASH;
  #fault: ChainFault | null = null;

  constructor(task: string, texts: ChainTexts<Text>) {
    this.task = task;
    this.#texts = texts;
  }

  /** Up to where the entries are verified. */
  get end(): ChainEnd {
    return { length: this.#length, head: this.#head };
  }

  /** The first that was found: behind it nothing can be judged. */
  get fault(): ChainFault | null {
    return this.#fault;
  }

  add(link: ChainLink<Text>): void {
    if (this.#fault) return;
    const sequence = this.#length + 1;
    const kind = this.#faultOf(link, sequence);
    if (kind) this.#fault = { sequence, kind };
    else {
      this.#length = sequence;
      this.#head = link.hash;
    }
  }

  /** After all entries that there are: does the chain end where others know it to? null: they do not know of it. */
  finish(kept: ChainEnd | null): void {
    if (this.#fault || (kept?.length === this.#length && kept.head === this.#head)) return;
    this.#fault = { sequence: this.#length, kind: "ends-elsewhere" };
  }

  #faultOf({ task, sequence, canonical, hash }: ChainLink<Text>, place: number): ChainFault["kind"] | null {
    if (sequence !== place) return "gap";
    if (task !== this.task || !this.#texts.endsAt(canonical, task, sequence)) return "misplaced";
    return this.#texts.linkHash(this.#head, canonical) === hash ? null : "hash-differs";
  }
}
