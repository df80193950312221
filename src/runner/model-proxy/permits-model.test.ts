import { expect, test } from "vitest";
import { permitsModel } from "./permits-model.ts";

test.each([
  ["claude-sonnet-5", "claude-sonnet-5", true],
  ["claude-sonnet-5", "claude-sonnet-5-20260901", true],
  ["gpt-5-nano", "gpt-5-nano-2025-08-07", true],
  ["claude-sonnet-5[1m]", "claude-sonnet-5", true],
  ["sonnet", "claude-sonnet-5-20260901", true],
  ["claude-sonnet-5-20260901", "claude-sonnet-5-20260901", true],
  ["claude-sonnet-5-20260901", "claude-sonnet-5-20261001", false],
  ["claude-sonnet-5-20260901", "claude-sonnet-5", false],
  ["claude-sonnet-5", "claude-sonnet-5-thinking", false],
  ["claude-sonnet-5", "claude-opus-5", false],
  ["sonnet", "claude-opus-5", false],
  ["sonnet", "other-sonnet-1", false],
  ["gpt-5", "gpt-5-codex", false],
])("who may ask %s asks %s: %s", (permitted, asked, expected) => {
  expect(permitsModel(["another", permitted], asked)).toBe(expected);
});
