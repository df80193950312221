// An agent as somebody would write one in a minute: it notes what it was given and does what its stage is for.
import { readFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const briefing = JSON.parse(readFileSync(0, "utf8"));
const { stage } = briefing;
writeFileSync(
  join(process.argv[2], `${stage}.json`),
  JSON.stringify({
    briefing,
    asFile: readFileSync(process.env.BATON_BRIEFING, "utf8"),
    key: process.env.MODEL_KEY,
  }),
);
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
