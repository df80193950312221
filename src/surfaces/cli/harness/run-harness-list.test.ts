import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HARNESS_PINS } from "../../../contract/harness/harness-pins.ts";
import type { CliContext } from "../cli-context.ts";
import { runCli } from "../run-cli.ts";

describe("baton harness list", () => {
  let programs: string;

  beforeEach(() => {
    programs = mkdtempSync(join(tmpdir(), "programs-"));
  });

  afterEach(() => {
    rmSync(programs, { recursive: true });
  });

  function install(program: string, version: string): void {
    const file = join(programs, program);
    writeFileSync(file, `#!/bin/sh\necho "${version} (of a test)"\n`);
    chmodSync(file, 0o755);
  }

  async function run(...args: string[]): Promise<{ code: number; printed: string; complained: string }> {
    const printed: string[] = [];
    const complained: string[] = [];
    const context: CliContext = {
      cwd: programs,
      env: { PATH: `${programs}:${dirname("/bin/sh")}` },
      batonRoot: programs,
      version: "0.0.0",
      examine: async () => Promise.reject(new Error("The doctor was not asked.")),
      print: (text) => printed.push(text),
      complain: (text) => complained.push(text),
    };
    const code = await runCli(["harness", ...args], context);
    return { code, printed: printed.join("\n"), complained: complained.join("\n") };
  }

  test("shows what each can do, and whether what is here is what was tested", async () => {
    install("claude", HARNESS_PINS.claude.version);
    install("codex", "0.1.0");
    const { code, printed } = await run("list");
    expect(code).toBe(0);
    const table = printed.split("\n\n")[0]?.replaceAll(/\d+\.\d{2,}\.\d+|2\.1\.\d+/g, "<pin>");
    expect(table?.split("\n").map((line) => line.replace(/ {2,}/g, " | "))).toMatchInlineSnapshot(`
      [
        "harness | tested | on this machine | resume | budget | turns | schema | mcp | cost | thinking | images",
        "claude | <pin> | <pin> | yes | yes | yes | yes | yes | yes | yes | yes",
        "codex | <pin> | 0.1.0, differs | yes | yes | no | yes | yes | no | yes | yes",
        "gemini | <pin> | not there | yes | yes | yes | no | yes | no | no | yes",
        "opencode | <pin> | not there | yes | yes | no | no | yes | yes | yes | yes",
        "acp | - | - | no | no | no | no | yes | no | yes | no",
        "command | - | - | no | no | no | no | no | no | no | no",
        "recording | - | - | no | no | no | no | no | no | no | no",
      ]
    `);
  });

  test("gives the same as data", async () => {
    install("gemini", "0.1.0");
    const { code, printed } = await run("list", "gemini", "command", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(printed)).toMatchObject({
      harnesses: [
        {
          name: "gemini",
          pin: HARNESS_PINS.gemini,
          installed: { path: join(programs, "gemini"), version: "0.1.0" },
          matches: false,
          capabilities: { turns: true, schema: false },
        },
        { name: "command", pin: null, installed: null, matches: null },
      ],
    });
  });

  test.each([
    [["list", "cluade"], 'There is no harness "cluade": did you mean claude?'],
    [["list", "--jsn"], "error: unknown option '--jsn'"],
    [["lst"], "error: unknown command 'lst'"],
  ])("%j is not understood", async (args, sentence) => {
    const { code, complained } = await run(...args);
    expect(code).toBe(2);
    expect(complained).toContain(sentence);
  });
});
