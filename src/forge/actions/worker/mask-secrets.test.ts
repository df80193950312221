import { expect, test } from "vitest";

import { SecretMask } from "./mask-secrets.ts";

function masked(text: string, ...secrets: string[]): string {
  const mask = new SecretMask();
  for (const secret of secrets) mask.add(secret);
  return mask.apply(text);
}

test.each<[string, string[], string]>([
  ["key=abc123", ["abc123"], "key=***"],
  ["nothing", [], "nothing"],
  ["nothing", [""], "nothing"],
  ["line one and line two", ["line one\nline two\n"], "*** and ***"],
  ["abc and abcdef", ["abc", "abcdef"], "*** and ***"],
  ["YWJjMTIz", ["abc123"], "***"],
  ["q=a%26b%20c", ["a&b c"], "q=***"],
  ['{"k":"say \\"hi\\""}', ['say "hi"'], '{"k":"***"}'],
  ["a.c abc", ["a.c"], "*** abc"],
])("%j hides %j", (text, secrets, expected) => {
  expect(masked(text, ...secrets)).toBe(expected);
});
