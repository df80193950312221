import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseRepositoryConfig } from "../../../src/contract/repository-config/parse-repository-config.ts";
import { commitSetup, copyRepository } from "../../../src/main/local/copy-repository.ts";
import type { CopyTarget } from "../../../src/main/local/target.ts";
import { commitAll, createUserRepository, fingerprint, git, writeFiles } from "./user-repository.ts";

const POLICY = "version: 1\nharness: { use: command, run: [agent] }\n";
const RUN = ["agent", "--fast"];

let dir = "";
let names = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "baton-copy-"));
});

afterAll(() => rm(dir, { recursive: true, force: true }));

const fresh = (): string => join(dir, `place-${names++}`);

function copy(from: string, wish: Partial<CopyTarget> = {}) {
  const target: CopyTarget = { kind: "copy", from, harness: null, verify: null, passEnv: [], ...wish };
  return copyRepository(target, fresh(), target.harness === null ? null : { use: "command", run: RUN });
}

async function copied(from: string, wish: Partial<CopyTarget> = {}) {
  const result = await copy(from, wish);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

async function refusal(from: string, wish: Partial<CopyTarget> = {}): Promise<string> {
  const result = await copy(from, wish);
  return result.ok ? "" : result.error;
}

const agent = (): Partial<CopyTarget> => ({ harness: { use: "command", run: RUN, model: null } });

describe("a copy", () => {
  test("takes what is committed and touches nothing of the repository, its index included", async () => {
    const from = await createUserRepository(fresh(), { files: { "a.txt": "one\n", "b.txt": "two\n" } });
    await git(["-C", from, "branch", "wip"]);
    await git(["-C", from, "tag", "v1"]);
    await writeFiles(from, { "a.txt": "changed\n", "new.txt": "new\n" });
    const before = await fingerprint(from);
    const made = await copied(from, agent());
    await commitSetup(made, { workflow: "on: push\n", author: { login: "maya", name: "Maya" } });
    expect(await fingerprint(from)).toEqual(before);
    expect(await readFile(join(made.dir, "a.txt"), "utf8")).toBe("one\n");
    expect(made.notes).toContain(
      "Its uncommitted changes are not in the copy: commit them to have them there.",
    );
    expect(await git(["-C", made.dir, "log", "--format=%an %s"])).toBe("Maya Set up Baton\nAda Begin");
  });

  test.for(["path of a bare repository", "clone URL"])("is made from the %s", async (kind) => {
    const from = await createUserRepository(fresh(), { files: { "a.txt": "one\n" } });
    const bare = `${fresh()}.git`;
    await git(["clone", "--quiet", "--bare", from, bare]);
    const before = await fingerprint(bare);
    const made = await copied(kind === "clone URL" ? `file://${bare}` : bare, agent());
    expect(await fingerprint(bare)).toEqual(before);
    expect(await readFile(join(made.dir, "a.txt"), "utf8")).toBe("one\n");
  });

  test("is on the branch that the repository has checked out", async () => {
    const from = await createUserRepository(fresh(), { files: { "a.txt": "one\n" }, branch: "trunk/next" });
    expect(await copied(from, agent())).toMatchObject({ defaultBranch: "trunk/next" });
  });

  test("keeps a policy that is there, and its checks", async () => {
    const files = { ".github/baton.yml": POLICY, ".github/workflows/ci.yml": "on: push\n" };
    const made = await copied(await createUserRepository(fresh(), { files }));
    expect(await readFile(join(made.dir, ".github/baton.yml"), "utf8")).toBe(POLICY);
    expect(made.notes).toEqual([]);
  });

  test("gets a policy with the agent and the command that verifies, or hears that nothing does", async () => {
    const from = await createUserRepository(fresh(), { files: { "a.txt": "one\n" } });
    const proved = await copied(from, { ...agent(), verify: 'npm test -- "all"' });
    const policy = parseRepositoryConfig(await readFile(join(proved.dir, ".github/baton.yml"), "utf8"));
    expect(policy).toMatchObject({
      ok: true,
      value: {
        stages: { implement: { harness: { settings: { run: ["agent", "--fast"] } } } },
        verify: { command: 'npm test -- "all"' },
      },
    });
    expect(proved.notes).toEqual([]);
    const [note] = (await copied(from, agent())).notes;
    expect(note).toMatch(/^It has no workflow whose checks could prove the work.*--verify/);
  });
});

describe("refused in a sentence is", () => {
  test("a repository without a commit, and one without a branch", async () => {
    const empty = fresh();
    await git(["init", "--quiet", empty]);
    expect(await refusal(empty, agent())).toMatch(/ has no branch with a commit checked out: /);
    const detached = await createUserRepository(fresh(), { files: { "a.txt": "one\n" } });
    await git(["-C", detached, "checkout", "--quiet", "--detach"]);
    await commitAll(detached, "On no branch");
    expect(await refusal(detached, agent())).toMatch(/ has no branch with a commit checked out: /);
  });

  test("what is no repository, or is not there", async () => {
    const folder = fresh();
    await mkdir(folder);
    expect(await refusal(folder, agent())).toMatch(/^\S+ cannot be cloned: fatal: [^\n]+$/);
    expect(await refusal("file:///nowhere/at/all", agent())).toMatch(/^\S+ cannot be cloned: fatal: [^\n]+$/);
  });

  test("one that names no agent, with how to name it", async () => {
    const from = await createUserRepository(fresh(), { files: { "a.txt": "one\n" } });
    expect(await refusal(from)).toMatch(
      /has no \.github\/baton\.yml that names an agent\. Give one with --harness/,
    );
  });

  test("a second answer to what the policy says already", async () => {
    const from = await createUserRepository(fresh(), { files: { ".github/baton.yml": POLICY } });
    expect(await refusal(from, agent())).toMatch(/has a \.github\/baton\.yml of its own.*leave out .*--run/);
    expect(await refusal(from, { verify: "npm test" })).toMatch(/leave out .*--verify/);
  });

  test("a policy that cannot be read, with the place", async () => {
    const files = { ".github/baton.yml": "version: 1\nharnes: {}\n" };
    expect(await refusal(await createUserRepository(fresh(), { files }))).toContain(".github/baton.yml:2:1 ");
  });
});
