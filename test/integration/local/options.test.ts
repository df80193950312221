import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runLocal } from "./local-process.ts";

let dir = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "baton-options-"));
});

afterAll(() => rm(dir, { recursive: true, force: true }));

describe("one sentence and exit code 2 answer an option that", () => {
  test.concurrent.for<[string, readonly string[], RegExp]>([
    ["is none", ["--speed", "9"], /^Unknown option '--speed'\. All options: .*--help$/],
    ["lacks its value", ["--port"], /^Option '--port <value>' argument missing\. /],
    ["is no port", ["--port", "70000"], /^--port takes a number from 0 to 65535, not "70000"\. /],
    ["goes with another", ["--run", "agent"], /^--run goes with --repo: /],
    ["names no agent", ["--harness", "clyde"], /^There is no harness "clyde": it is claude, codex, /],
    ["lacks a model", ["--harness", "opencode"], /^--harness opencode needs --model: /],
    ["lacks a program", ["--harness", "acp"], /^--harness acp needs --run: /],
    [
      "names no repository",
      ["--repo", "/nowhere/at/all"],
      /^There is no repository at \/nowhere\/at\/all\. /,
    ],
    ["excludes another", ["--repo", ".", "--run", "a", "--recording", "b"], /^--run and --recording exclude/],
    ["is no variable", ["--repo", ".", "--run", "a", "--pass-env", "A-B"], /^--pass-env names "A-B", /],
    [
      "is no list",
      ["--repo", ".", "--run", "[1]"],
      /^--run takes a program with its arguments, or a JSON list/,
    ],
    ["is no option at all", ["slugs"], /^Unexpected argument 'slugs'\. /],
  ])("%s", async ([, args, sentence]) => {
    const { code, out, errors } = await runLocal([...args]);
    expect(errors.trim()).toMatch(sentence);
    expect(errors.trim().split("\n")).toHaveLength(1);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });
});

test("--help prints the options and starts nothing", async () => {
  const { code, out } = await runLocal(["--help"]);
  expect(code).toBe(0);
  for (const option of ["--repo", "--run", "--verify", "--pass-env", "--dir", "--port"]) {
    expect(out).toContain(option);
  }
});

describe("one sentence and exit code 1 answer", () => {
  test("a folder that holds something else, which stays as it is", async () => {
    const precious = join(dir, "precious");
    await mkdir(precious);
    await writeFile(join(precious, "thesis.txt"), "everything\n");
    const { code, errors } = await runLocal(["--dir", precious, "--port", "0"]);
    expect({ code, errors }).toEqual({
      code: 1,
      errors: `${precious} holds something else: name a new folder, or an empty one, with --dir.\n`,
    });
    expect(await readdir(precious)).toEqual(["thesis.txt"]);
    expect(await readFile(join(precious, "thesis.txt"), "utf8")).toBe("everything\n");
  });

  test("an agent whose model's key, or whose program, is not here", async () => {
    const folder = ["--dir", join(dir, "agent"), "--port", "0"];
    const keyless = { ANTHROPIC_API_KEY: "", ANTHROPIC_AUTH_TOKEN: "" };
    expect(await runLocal(["--harness", "claude", ...folder], keyless)).toMatchObject({
      code: 1,
      errors:
        "--harness claude asks a model, and this terminal has no key for it: set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN.\n",
    });
    const missing = { OPENAI_API_KEY: "key", PATH: dirname(process.execPath) };
    const { code, errors } = await runLocal(["--harness", "codex", ...folder], missing);
    expect(code).toBe(1);
    expect(errors).toMatch(
      /^The program codex is not on this machine: "npm install --global @openai\/codex@[\d.]+" puts /,
    );
  });

  test("a folder that cannot be made", async () => {
    const file = join(dir, "file");
    await writeFile(file, "");
    const { code, errors } = await runLocal(["--dir", join(file, "below"), "--port", "0"]);
    expect(code).toBe(1);
    expect(errors).toMatch(/^\S+ cannot be used: E[A-Z]+: [^\n]+\.\n$/);
  });

  test("a port that is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { code, errors } = await runLocal(["--dir", join(dir, "port"), "--port", String(port)]);
    other.close();
    expect({ code, errors }).toEqual({
      code: 1,
      errors: `Port ${port} is taken by another program: name another with --port, or 0 for a free one.\n`,
    });
  });
});
