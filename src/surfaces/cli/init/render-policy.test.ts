import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { RepositoryConfig } from "../../../contract/repository-config/config-schema.ts";
import { DEFAULT_CONFIG_TEXT } from "../../../contract/repository-config/default-config.ts";
import { renderPolicy, type HarnessWish } from "./render-policy.ts";

describe("the policy that init writes", () => {
  test.each<[HarnessWish, unknown]>([
    [
      { use: "command", run: ["sh", "-c", 'echo "$1"'] },
      { use: "command", run: ["sh", "-c", 'echo "$1"'] },
    ],
    [
      { use: "recording", file: "demo/rec.json" },
      { use: "recording", file: "demo/rec.json" },
    ],
    [
      { use: "claude", model: "example-1" },
      { use: "claude", model: "example-1" },
    ],
    [{ use: "codex" }, { use: "codex" }],
    [{ use: "gemini" }, { use: "gemini" }],
    [{ use: "opencode" }, { use: "opencode" }],
    [
      { use: "acp", run: ["gemini", "--acp"] },
      { use: "acp", run: ["gemini", "--acp"] },
    ],
  ])("names the harness %j and is valid", (wish, harness) => {
    const policy: unknown = parse(renderPolicy(wish));
    expect(RepositoryConfig.safeParse(policy).success).toBe(true);
    expect(policy).toMatchObject({ harness });
  });

  test("is the default one where no program was named", () => {
    expect(renderPolicy({ use: "command", run: null })).toBe(DEFAULT_CONFIG_TEXT);
  });
});
