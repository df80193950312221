import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";

/** One event as it stands in the record; `hash` is lower-case hex. */
export type ChainLink = {
  readonly task: string;
  readonly sequence: number;
  readonly canonical: string;
  readonly hash: string;
};

/** Where a task's record stops being what was written, and how that shows. */
export type ChainFault = {
  readonly sequence: number;
  readonly kind: "gap" | "misplaced" | "hash-differs";
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
): Result<{ readonly length: number; readonly head: string }, ChainFault> {
  let head = GENESIS_HASH;
  for (const [index, link] of links.entries()) {
    const sequence = index + 1;
    if (link.sequence !== sequence) return err({ sequence, kind: "gap" });
    if (!link.canonical.endsWith(placeText(link.task, sequence))) return err({ sequence, kind: "misplaced" });
    head = sha256(linkText(head, link.canonical));
    if (head !== link.hash) return err({ sequence, kind: "hash-differs" });
  }
  return ok({ length: links.length, head });
}

/**
 * How the canonical text of an event ends: RFC 8785 sorts `sequence` and `task` behind `event` and `meta`, and neither
 * a string nor an inner object can end in the same characters. So the event's place is checked without parsing it.
 */
function placeText(task: string, sequence: number): string {
  return `,"sequence":${sequence},"task":${JSON.stringify(task)}}`;
}
