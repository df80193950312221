import { afterEach, describe, expect, test } from "vitest";
import { openSession, type TestSession } from "../../../test/support/harness/open-session.ts";
import { err, ok } from "../../base/result.ts";
import { prepareMcpServers } from "./prepare-mcp-servers.ts";

/** Answers `initialize` and goes on to wait, as servers do. */
function serverOf(version: string): string[] {
  const answer = { jsonrpc: "2.0", id: 1, result: { serverInfo: { name: "docs", version } } };
  const script = `console.log("not JSON"); process.stdin.once("data", () => { console.log(${JSON.stringify(JSON.stringify(answer))}); setInterval(() => {}, 1000); });`;
  return [process.execPath, "-e", script];
}

describe("making MCP servers ready", () => {
  let session: TestSession;

  afterEach(() => {
    session.close();
  });

  function open(server: Record<string, unknown>, env: Record<string, string> = {}): TestSession {
    session = openSession({
      briefing: { mcpServers: [{ name: "docs", version: "1.2.3", command: ["docs"], ...server }] },
      env,
      grace: { interruptMs: 100, terminateMs: 100 },
    });
    return session;
  }

  test("a program that is there is asked for its version, and ended again", async () => {
    const command = serverOf("1.2.3");
    expect(await prepareMcpServers(open({ command, env: ["DOCS_TOKEN"] }, { DOCS_TOKEN: "t" }))).toEqual({
      ok: true,
      value: [{ name: "docs", command, env: { DOCS_TOKEN: "t" } }],
    });
  });

  test("another version is refused", async () => {
    expect(await prepareMcpServers(open({ command: serverOf("1.2.4") }))).toEqual({
      ok: false,
      error: "The MCP server docs is version 1.2.4, and the policy pins 1.2.3: change one of them.",
    });
  });

  test.each([
    [
      "a program that is not there",
      { command: ["no-such-server"] },
      "The MCP server docs cannot be used: The program no-such-server could not be started (ENOENT).",
    ],
    [
      "a program that is no server",
      { command: ["true"] },
      "The MCP server docs did not say what version it is, and the policy pins 1.2.3.",
    ],
    [
      "a variable that the workflow does not hand on",
      { command: ["true"], env: ["DOCS_TOKEN"] },
      "The MCP server docs needs the variable DOCS_TOKEN: set it in the workflow and name it in pass-env.",
    ],
  ])("%s is refused in one sentence", async (_name, server, error) => {
    expect(await prepareMcpServers(open(server))).toEqual({ ok: false, error });
  });

  test("a package is installed at its version, whatever its program says of itself", async () => {
    const asked: unknown[] = [];
    const opened = open({ package: "@example/docs", command: ["docs", "--quiet"] });
    const installPackage: TestSession["installPackage"] = async (cli) => {
      asked.push(cli);
      return ok("/tools/docs");
    };
    expect(await prepareMcpServers({ ...opened, installPackage })).toEqual({
      ok: true,
      value: [{ name: "docs", command: ["/tools/docs", "--quiet"], env: {} }],
    });
    expect(asked).toEqual([{ package: "@example/docs", version: "1.2.3", program: "docs" }]);
    expect(await prepareMcpServers({ ...opened, installPackage: async () => err("npm is gone") })).toEqual({
      ok: false,
      error: "The MCP server docs cannot be used: npm is gone.",
    });
  });
});
