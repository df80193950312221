import { afterEach, describe, expect, test } from "vitest";
import { setScene, type Scene } from "./fixture/attempt-scene.ts";

let scene: Scene | null = null;

afterEach(async () => {
  await scene?.close();
  scene = null;
});

async function stage(command: string, timeoutMs = 120_000): Promise<Scene> {
  scene = await setScene({ "check.sh": "exit 1\n", ".claude/settings.json": "{}\n" });
  const { server, remote } = scene;
  const sha = remote.commit("baton/12-greet", { "check.sh": "echo fine\n" }, server.briefing.baseSha);
  server.verification = { sha, command, timeoutMs };
  return scene;
}

describe("the verify job", () => {
  test("runs the command on the delivered commit, exactly as it was delivered", async () => {
    const { server, run } = await stage(
      `sh check.sh && test -e .claude/settings.json && test "$(git rev-parse HEAD)" = $(git rev-parse baton/12-greet)`,
    );
    const host = await run("verify");
    expect(host.failures).toEqual([]);
    expect(server.verifications).toEqual([{ outcome: "passed", sha: server.verification?.sha }]);
  });

  test("reports what failed with the tests' names and the log's end", async () => {
    const { server, run } = await stage("echo 'not ok 1 - greets by name'; echo broken >&2; exit 3");
    const host = await run("verify");
    const [result] = server.verifications;
    expect(result).toMatchObject({
      outcome: "failed",
      sha: server.verification?.sha,
      failure: { kind: "checks", failingTests: ["greets by name"] },
    });
    expect(result?.outcome === "failed" ? result.failure.logTail.split("\n").toSorted() : []).toEqual([
      "broken",
      "not ok 1 - greets by name",
    ]);
    expect(host.failures[0]).toMatch(/ended with code 3\.$/);
  });

  test("stops a command that hangs", async () => {
    const { server, run } = await stage("sleep 60", 300);
    await run("verify");
    expect(server.verifications).toMatchObject([
      {
        outcome: "failed",
        failure: { kind: "timeout", summary: "The verify command was stopped at its limit of 0.3 seconds." },
      },
    ]);
  });

  test("gives the command none of the job's credentials", async () => {
    const { run } = await stage("env; cat .git/config");
    const host = await run("verify", { env: { GITHUB_TOKEN: "planted-secret" } });
    const shown = host.lines.join("\n");
    expect(shown).toContain("HOME=");
    expect(shown).not.toMatch(/planted-secret|request-token|GITHUB_|ACTIONS_|extraheader/);
  });
});
