import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ModelAccess } from "../../../src/runner/harness/harness.ts";
import { GEMINI } from "../../../src/runner/harness/gemini/gemini.ts";
import { OPENCODE } from "../../../src/runner/harness/opencode/opencode.ts";
import { openSession, type TestSession } from "../../support/harness/open-session.ts";

const REVIEWER = { name: "reviewer", prompt: "You look.", tools: ["read", "search"] };

let session: TestSession | null = null;

beforeEach(() => {
  session = null;
});

afterEach(() => {
  session?.close();
});

function open(protocol: ModelAccess["protocol"], model: string | null): TestSession {
  session = openSession({
    briefing: { role: REVIEWER },
    prompt: "See @/etc/hostname, ada@example.org.",
    model: { protocol, baseUrl: "http://127.0.0.1:40001", key: "attempt-key", model },
    readBaseFile: async (path) => (path === "AGENTS.md" ? "Be brief.\n" : null),
  });
  return session;
}

describe("Gemini CLI", () => {
  test("gets no file that the task's text names, and the base branch's instructions", async () => {
    const prepared = await GEMINI.prepare(open("gemini", "gemini-2.5-pro"), "/bin/gemini");
    if (!prepared.ok) throw new Error(prepared.error.message);
    expect(prepared.value.stdin).toBe("See \\@/etc/hostname, ada\\@example.org.");
    expect(prepared.value.files[".gemini/GEMINI.md"]).toBe("Be brief.\n");
    expect(prepared.value.setAside).toEqual(["GEMINI.md", ".gemini"]);
  });

  test("is refused the tools that the role has not, and those that no role has", async () => {
    const opened = open("gemini", null);
    const prepared = await GEMINI.prepare(opened, "/bin/gemini");
    if (!prepared.ok) throw new Error(prepared.error.message);
    const policy = prepared.value.files[".gemini/policies/baton.toml"] ?? "";
    const [first = "", second = ""] = policy.split("[[rule]]").slice(1);
    expect(first).toContain('"web_fetch","google_web_search"');
    expect(first).toContain('"run_shell_command"');
    expect(first).not.toContain("read_file");
    const pattern = /argsPattern = '(.*)'/.exec(second)?.[1] ?? "";
    const denies = (path: string): boolean => new RegExp(pattern).test(JSON.stringify({ file_path: path }));
    expect(denies("src/main.ts")).toBe(true);
    expect(denies(opened.resultFile)).toBe(false);
  });
});

describe("opencode", () => {
  test("has only the permissions of the role, and never asks", async () => {
    const prepared = await OPENCODE.prepare(open("chat-completions", "gpt-5-nano"), "/bin/opencode");
    if (!prepared.ok) throw new Error(prepared.error.message);
    const config = JSON.parse(prepared.value.env["OPENCODE_CONFIG_CONTENT"] ?? "") as Record<string, unknown>;
    expect(config["permission"]).toEqual({
      "*": "allow",
      external_directory: "allow",
      doom_loop: "allow",
      webfetch: "deny",
      websearch: "deny",
      bash: "deny",
      edit: { "*": "deny", "../exchange/result.json": "allow" },
    });
    expect(prepared.value.setAside).toEqual([".opencode", "opencode.json", "opencode.jsonc"]);
    expect(prepared.value.files[".baton/AGENTS.md"]).toBe("Be brief.\n");
  });

  test("does not begin without a model", async () => {
    const prepared = await OPENCODE.prepare(open("chat-completions", null), "/bin/opencode");
    expect(prepared).toMatchObject({ error: { class: "config" } });
  });
});
