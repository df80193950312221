import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startForge, type Forge } from "../../../src/forge/start-forge.ts";
import { runCli } from "../../../src/surfaces/cli/run-cli.ts";
import { createGithubWitness, type GithubWitness } from "../../support/github-schema/github-witness.ts";

const ACTION = `octo/baton@${"a".repeat(40)}`;

let root: string;
let forge: Forge;
let witness: GithubWitness;
let token: string;
let gitDir: string;
let checkout: string;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "baton-init-pr-"));
  const seed = join(root, "seed");
  mkdirSync(join(seed, ".github"), { recursive: true });
  writeFileSync(join(seed, "README.md"), "hello\n");
  witness = createGithubWitness();
  forge = await startForge({ dir: join(root, "forge"), onExchange: witness.onExchange });
  const user = forge.hub.createUser({ login: "ada", name: "Ada" });
  const repository = await forge.hub.createRepository({ owner: user, name: "engine", seedFrom: seed });
  token = forge.hub.createToken({ user }).token;
  gitDir = forge.hub.gitDirectory(repository.id);
  checkout = join(root, "checkout");
  execFileSync("git", ["init", "--quiet", checkout]);
  execFileSync("git", ["-C", checkout, "remote", "add", "origin", `${forge.url}/ada/engine.git`]);
  writeFileSync(join(checkout, "half-done.txt"), "work\n");
});

afterEach(async () => {
  await forge.close();
  rmSync(root, { recursive: true });
});

async function propose(...more: readonly string[]): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const code = await runCli(["init", "--pr", "--action", ACTION, ...more], {
    cwd: checkout,
    env: { GITHUB_TOKEN: token },
    batonRoot: root,
    examine: () => Promise.reject(new Error("Nothing is examined here.")),
    version: "0",
    print: (text) => said.push(text),
    complain: (text) => said.push(text),
  });
  expect(said.join("\n")).not.toContain(token);
  return { code, said: said.join("\n") };
}

function git(...args: readonly string[]): string {
  return execFileSync("git", ["--git-dir", gitDir, ...args], { encoding: "utf8" }).trim();
}

describe("baton init --pr", () => {
  test("opens one pull request with both files, and leaves the checkout alone", async () => {
    expect(await propose()).toEqual({ code: 0, said: `Proposed in ${forge.url}/ada/engine/pull/1` });
    expect(git("diff", "--name-only", "main", "baton/init").split("\n")).toEqual([
      ".github/baton.yml",
      ".github/workflows/baton.yml",
    ]);
    expect(execFileSync("git", ["-C", checkout, "status", "--porcelain"], { encoding: "utf8" })).toBe(
      "?? half-done.txt\n",
    );
    expect(witness.problems).toEqual([]);
  });

  test("run again finds what it proposed", async () => {
    await propose();
    const head = git("rev-parse", "baton/init");
    expect(await propose()).toEqual({ code: 0, said: `Proposed in ${forge.url}/ada/engine/pull/1` });
    expect(git("rev-parse", "baton/init")).toBe(head);
    expect(forge.hub.store.pulls.find({}).length).toBe(1);
  });

  test("does not replace a branch with other contents unless it is told to", async () => {
    await propose();
    const refused = await propose("--run", "other agent");
    expect(refused.code).toBe(1);
    expect(refused.said).toContain("The branch baton/init is there already, with other contents");
    expect((await propose("--run", "other agent", "--force")).code).toBe(0);
    expect(git("show", "baton/init:.github/baton.yml")).toContain('run: ["other", "agent"]');
  });

  test("has nothing to do where the default branch has the files", async () => {
    await propose();
    git("update-ref", "refs/heads/main", "baton/init");
    expect(await propose()).toEqual({
      code: 0,
      said: "Nothing to do: the branch main has these files already.",
    });
  });

  test("shows the difference rather than overwrite what is on the default branch", async () => {
    await propose("--run", "other agent");
    git("update-ref", "refs/heads/main", "baton/init");
    const refused = await propose();
    expect(refused.code).toBe(1);
    expect(refused.said).toContain('-  run: ["other", "agent"]');
    expect(refused.said).toContain(".github/baton.yml would be overwritten");
  });

  test("says what GitHub refuses", async () => {
    token = "ghp_unknown0000000000000000000000000000";
    expect(await propose()).toEqual({ code: 1, said: "GitHub does not know the token (401)." });
  });
});
