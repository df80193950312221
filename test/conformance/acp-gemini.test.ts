import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { GEMINI_WIRE } from "../support/models/gemini-wire.ts";
import { geminiVocabulary } from "../support/models/vocabulary/gemini-vocabulary.ts";
import { lastWords } from "./last-words.ts";
import { withScene } from "./open-scene.ts";
import type { Subject } from "./subject.ts";

/** It asks its client before it uses a tool, and has its client write files, which the other agent does not. */
const GEMINI_OVER_ACP: Subject = {
  name: "acp",
  program: "gemini",
  settings: { run: ["gemini", "--acp"] },
  model: "gemini-2.5-pro",
  pricedModel: "gpt-5-nano",
  wire: GEMINI_WIRE,
  vocabulary: geminiVocabulary,
  variables: ({ baseUrl, key }) => ({ GOOGLE_GEMINI_BASE_URL: baseUrl, GEMINI_API_KEY: key }),
};

describe.concurrent("Gemini CLI over the Agent Client Protocol", () => {
  test("is let do what its role may, and hands over its result", async () => {
    await withScene(GEMINI_OVER_ACP, async ({ run, workspace, events }) => {
      const { outcome, finished } = await run([
        {
          think: "First I look.",
          say: "I write it.",
          use: [{ write: "new/hello.txt", content: "hello\r\n" }],
        },
        { use: [{ shell: "cp new/hello.txt copy.txt" }] },
        ...lastWords(GEMINI_OVER_ACP, "Written."),
      ]);
      expect(outcome).toMatchObject({ kind: "result", result: { summary: "Written." } });
      expect(finished).toMatchObject({ status: "ok", permissionDenials: [] });
      expect(readFileSync(join(workspace.workTree, "copy.txt"), "utf8")).toBe("hello\r\n");
      expect(events.filter(({ type }) => type === "thought")).not.toEqual([]);
      expect(finished.usageTotal?.inputTokens).toBeGreaterThan(0);
    });
  });

  test("is refused what its role may not when it asks, and told so", async () => {
    await withScene(GEMINI_OVER_ACP, async ({ run, workspace, model }) => {
      const summary = "Looked at it.";
      const { outcome, finished } = await run(
        [
          { use: [{ shell: "touch made.txt" }] },
          { use: [{ write: "written.txt", content: "x\n" }] },
          { use: [{ write: "../exchange/result.json", content: JSON.stringify({ summary }) }] },
          { say: "Done." },
        ],
        { briefing: { role: { name: "reviewer", prompt: "You look.", tools: ["read", "search"] } } },
      );
      expect(existsSync(join(workspace.workTree, "made.txt"))).toBe(false);
      expect(existsSync(join(workspace.workTree, "written.txt"))).toBe(false);
      expect(finished.permissionDenials).toEqual([
        "touch made.txt: The role has no such tool.",
        "Writing to written.txt: The role has no such tool.",
      ]);
      expect(outcome).toMatchObject({ kind: "result", result: { summary } });
      expect(model.turns).toHaveLength(4);
    });
  });
});
