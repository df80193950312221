// An agent as somebody would write one in a minute: it does what its stage is for, if it was given what it should be.
import { deepStrictEqual } from "node:assert";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const text = readFileSync(0, "utf8");
const briefing = JSON.parse(text);
const { stage } = briefing;
deepStrictEqual(JSON.parse(readFileSync(process.env.BATON_BRIEFING, "utf8")), briefing);

const { keyDigest, implement } = JSON.parse(process.argv[2]);
deepStrictEqual(createHash("sha256").update(process.env.MODEL_KEY).digest("hex"), keyDigest);
if (stage === "implement") deepStrictEqual(partOf(briefing, implement), implement);

/** What `given` has at the places that `wanted` names. */
function partOf(given, wanted) {
  if (typeof wanted !== "object" || wanted === null || Array.isArray(wanted)) return given;
  const parts = Object.entries(wanted).map(([key, value]) => [key, partOf(given?.[key], value)]);
  return Object.fromEntries(parts);
}

console.log(`The ${stage} stage of ${briefing.issue.title}`);

const results = {
  plan: {
    summary: "Add greet.mjs.",
    plan: { text: "A function that greets, tested.", paths: ["greet.mjs"] },
  },
  test: { summary: "One test." },
  implement: { summary: "It greets." },
  review: { summary: "Reads well.", verdict: "approve" },
};
if (stage === "test") {
  mkdirSync("test", { recursive: true });
  writeFileSync(
    "test/greet.test.mjs",
    [
      'import assert from "node:assert/strict";',
      'import { test } from "node:test";',
      'import { greet } from "../greet.mjs";',
      'test("greets", () => assert.equal(greet("Ada"), "Hello, Ada"));',
      "",
    ].join("\n"),
  );
}
if (stage === "implement") writeFileSync("greet.mjs", "export const greet = (name) => `Hello, ${name}`;\n");
writeFileSync(process.env.BATON_RESULT, JSON.stringify(results[stage]));
