import { describe, expect, test } from "vitest";
import { readHarnessWish, readServerWish } from "./read-wishes.ts";

describe("the options of init", () => {
  test.each([
    [{}, { use: "command", run: null }],
    [{ run: "node  agent.mjs --fast" }, { use: "command", run: ["node", "agent.mjs", "--fast"] }],
    [{ run: '["sh", "-c", "a b"]' }, { use: "command", run: ["sh", "-c", "a b"] }],
    [{ harness: "recording" }, { use: "recording", file: ".github/baton/recording.json" }],
    [{ harness: "claude" }, { use: "claude" }],
    [
      { harness: "opencode", model: "example-1" },
      { use: "opencode", model: "example-1" },
    ],
    [
      { harness: "acp", run: "gemini --acp" },
      { use: "acp", run: ["gemini", "--acp"] },
    ],
    [{ recording: "r.json" }, { use: "recording", file: "r.json" }],
  ])("%j name the harness %j", (options, value) => {
    expect(readHarnessWish(options)).toEqual({ ok: true, value });
  });

  test.each([
    [
      { harness: "magic" },
      'There is no harness "magic": it is claude, codex, gemini, opencode, acp, command or recording.',
    ],
    [{ harness: "codex", run: "codex" }, "--run names a program, and the harness codex is one itself."],
    [{ harness: "acp" }, "--harness acp needs --run: the program that speaks the protocol."],
    [{ harness: "claude", model: "" }, "--model takes the name of a model."],
    [{ harness: "recording", run: "node" }, "--run names a program, and the harness recording runs none."],
    [{ harness: "command", recording: "r.json" }, "--recording needs --harness recording."],
    [
      { run: "[1]" },
      '--run takes a program with its arguments, or a JSON list such as ["node", "agent.mjs"].',
    ],
    [{ run: " " }, '--run takes a program with its arguments, or a JSON list such as ["node", "agent.mjs"].'],
  ])("%j are refused with one sentence", (options, error) => {
    expect(readHarnessWish(options)).toEqual({ ok: false, error });
  });

  test("take a server by https, or on this machine", () => {
    expect(readServerWish({ server: "https://baton.example/" })).toEqual({
      ok: true,
      value: "https://baton.example",
    });
    expect(readServerWish({ server: "http://localhost:3000" }).ok).toBe(true);
    expect(readServerWish({ server: "http://baton.example" }).ok).toBe(false);
    expect(readServerWish({ server: "baton" }).ok).toBe(false);
    expect(readServerWish({})).toEqual({ ok: true, value: null });
  });
});
