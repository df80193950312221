import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { isSignedBy } from "./verify-signature.ts";

const BODY = Buffer.from('{"zen":"Speak like a human."}');

function sign(secret: string, body: Uint8Array = BODY): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

test("GitHub's documented example is signed", () => {
  // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
  const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  expect(isSignedBy(["It's a Secret to Everybody"], Buffer.from("Hello, World!"), signature)).toBe(true);
});

test("either of two secrets signs while one takes the other's place", () => {
  expect(isSignedBy(["new", "old"], BODY, sign("new"))).toBe(true);
  expect(isSignedBy(["new", "old"], BODY, sign("old"))).toBe(true);
  expect(isSignedBy(["new", "old"], BODY, sign("older"))).toBe(false);
});

test("one byte more or less is not what was signed", () => {
  expect(isSignedBy(["s"], Buffer.concat([BODY, Buffer.from(" ")]), sign("s"))).toBe(false);
  expect(isSignedBy(["s"], BODY.subarray(1), sign("s"))).toBe(false);
});

test.each([
  "",
  "sha256=",
  "sha1=0123",
  `sha256=${"g".repeat(64)}`,
  `sha256=${"0".repeat(63)}`,
  "0".repeat(64),
])("%s is no signature", (header) => {
  expect(isSignedBy(["s"], BODY, header)).toBe(false);
});
