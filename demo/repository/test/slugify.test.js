import assert from "node:assert/strict";
import { test } from "node:test";
import { slugify } from "../src/slugify.js";

test("joins words with dashes", () => {
  assert.equal(slugify("Hello, World!"), "hello-world");
});

test("has no dash at either end", () => {
  assert.equal(slugify("  (draft)  "), "draft");
});
