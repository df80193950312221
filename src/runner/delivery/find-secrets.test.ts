import { describe, expect, test } from "vitest";
import { findNewSecret } from "./find-secrets.ts";

// Put together here, so that this file itself holds nothing that looks like a secret.
const GITHUB = ["ghp", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].join("_");

describe("finding secrets in a change", () => {
  test.each([
    ["GitHub token", GITHUB],
    ["GitHub token", ["github", "pat", "11ABCDEFG0", "x".repeat(50)].join("_")],
    ["AWS access key", `AKIA${"Q3".repeat(8)}`],
    ["Anthropic API key", ["sk", "ant", "api03", "x".repeat(40)].join("-")],
    ["OpenAI API key", ["sk", "proj", "x".repeat(44)].join("-")],
    ["Google API key", `AIza${"x".repeat(35)}`],
    ["Slack token", ["xoxb", "1234567890", "abcdefghijkl"].join("-")],
    ["npm token", `npm_${"x".repeat(36)}`],
    ["private key", ["-----BEGIN", "RSA", "PRIVATE", "KEY-----"].join(" ")],
    ["private key", ["-----BEGIN", "PRIVATE", "KEY-----"].join(" ")],
  ])("finds a %s and says on which line", (kind, secret) => {
    expect(findNewSecret(`first\nconst key = "${secret}";\n`, "", [])).toEqual({ kind, line: 2 });
  });

  test("leaves alone what was in the file before", () => {
    const before = `key: ${GITHUB}\n`;
    expect(findNewSecret(`${before}more\n`, before, [])).toBeNull();
  });

  test("finds this run's own credentials, whatever they look like", () => {
    expect(findNewSecret("x\ny plain-words z", "", ["plain-words"])).toEqual({
      kind: "credential of this run",
      line: 2,
    });
  });

  test("takes ordinary text for what it is", () => {
    const text = "sha512-abc== ghp_short sk-learn task-force AKIA private key -----BEGIN PUBLIC KEY-----";
    expect(findNewSecret(text, "", [""])).toBeNull();
  });
});
