import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { ChainEnd, ChainLink } from "./verify-chain.ts";
import { ChainVerifier, GENESIS_HASH, linkText, stringTexts, verifyChain } from "./verify-chain.ts";

const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");

function chain(task: string, facts: readonly string[]): ChainLink[] {
  let previous = GENESIS_HASH;
  return facts.map((fact, index) => {
    const sequence = index + 1;
    const canonical = `{"events":[${JSON.stringify(fact)}],"meta":{},"sequence":${sequence},"task":"${task}"}`;
    previous = sha256(linkText(previous, canonical));
    return { task, sequence, canonical, hash: previous };
  });
}

const whole = chain("1-2-1", ["opened", "held", "resumed", "cancelled"]);

test("a whole chain is verified up to its head", () => {
  expect(verifyChain(whole, sha256)).toEqual({ ok: true, value: { length: 4, head: whole[3]?.hash } });
});

test("no entries are a chain whose head is the genesis hash", () => {
  expect(verifyChain([], sha256)).toEqual({ ok: true, value: { length: 0, head: GENESIS_HASH } });
});

test("the first hash is over 64 zeros and the text, as anybody can compute it", () => {
  expect(whole[0]?.hash).toBe(
    sha256(`${"0".repeat(64)}{"events":["opened"],"meta":{},"sequence":1,"task":"1-2-1"}`),
  );
});

test.for<[string, (links: ChainLink[]) => ChainLink[], object]>([
  ["an entry is missing", ([a, , c, d]) => [a, c, d] as ChainLink[], { sequence: 2, kind: "gap" }],
  ["the first is missing", ([, b, c, d]) => [b, c, d] as ChainLink[], { sequence: 1, kind: "gap" }],
  ["two changed places", ([a, b, c, d]) => [a, c, b, d] as ChainLink[], { sequence: 2, kind: "gap" }],
  ["one stands twice", ([a, b]) => [a, b, b] as ChainLink[], { sequence: 3, kind: "gap" }],
  [
    "two changed places and were renumbered",
    ([a, b, c, d]) =>
      [a, { ...(c as ChainLink), sequence: 2 }, { ...(b as ChainLink), sequence: 3 }, d] as ChainLink[],
    { sequence: 2, kind: "misplaced" },
  ],
  [
    "it was moved to another task",
    (links) => links.map((l) => ({ ...l, task: "9-9-9" })),
    { sequence: 1, kind: "misplaced" },
  ],
  [
    "a text was changed",
    ([a, b, c, d]) =>
      [
        a,
        { ...(b as ChainLink), canonical: (b as ChainLink).canonical.replace("held", "heLd") },
        c,
        d,
      ] as ChainLink[],
    { sequence: 2, kind: "hash-differs" },
  ],
  [
    "a hash was changed",
    ([a, b, c, d]) => [a, b, c, { ...(d as ChainLink), hash: GENESIS_HASH }] as ChainLink[],
    { sequence: 4, kind: "hash-differs" },
  ],
  [
    "an entry was written again with its own hash made right",
    ([a, , c, d]) => {
      const canonical = '{"events":["forged"],"meta":{},"sequence":2,"task":"1-2-1"}';
      const hash = sha256(linkText((a as ChainLink).hash, canonical));
      return [a, { task: "1-2-1", sequence: 2, canonical, hash }, c, d] as ChainLink[];
    },
    { sequence: 3, kind: "hash-differs" },
  ],
  [
    "the entry's own words claim another place",
    ([a, ...rest]) => {
      const canonical =
        '{"events":[{"x":",\\"sequence\\":1,\\"task\\":\\"1-2-1\\"}"}],"meta":{},"sequence":7,"task":"1-2-1"}';
      return [{ ...(a as ChainLink), canonical, hash: sha256(linkText(GENESIS_HASH, canonical)) }, ...rest];
    },
    { sequence: 1, kind: "misplaced" },
  ],
])("it shows when %s", ([, change, fault]) => {
  expect(verifyChain(change([...whole]), sha256)).toEqual({ ok: false, error: fault });
});

test.for([
  ["its last entry was cut off", { length: 5, head: "ab".repeat(32) }],
  ["an entry was added to it", { length: 3, head: whole[2]?.hash ?? "" }],
  ["its last entry was written again", { length: 4, head: "ab".repeat(32) }],
  ["nobody knows of it", null],
] as const)("beside what was kept of its end it shows when %s", ([, kept]) => {
  const faultAt = (end: ChainEnd | null) => {
    const verifier = new ChainVerifier("1-2-1", stringTexts(sha256));
    for (const link of whole) verifier.add(link);
    verifier.finish(end);
    return verifier.fault;
  };
  expect(faultAt({ length: 4, head: whole[3]?.hash ?? "" })).toBeNull();
  expect(faultAt(kept)).toEqual({ sequence: 4, kind: "ends-elsewhere" });
});
