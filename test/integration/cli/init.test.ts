import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "../../../src/surfaces/cli/run-cli.ts";

const ACTION = `octo/baton@${"a".repeat(40)}`;
const WORKFLOW = ".github/workflows/baton.yml";
const POLICY = ".github/baton.yml";

let repository: string;

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), "baton-init-"));
  execFileSync("git", ["init", "--quiet", repository]);
});

afterEach(() => {
  rmSync(repository, { recursive: true });
});

type Ran = { readonly code: number; readonly out: string; readonly err: string };

async function baton(args: readonly string[], more: { readonly batonRoot?: string } = {}): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(args, {
    cwd: repository,
    env: {},
    batonRoot: more.batonRoot ?? fileURLToPath(new URL("../../../", import.meta.url)),
    examine: () => Promise.reject(new Error("Nothing is examined here.")),
    version: "1.2.3",
    print: (text) => out.push(text),
    complain: (text) => err.push(text),
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

function read(path: string): string {
  return readFileSync(join(repository, path), "utf8");
}

describe("baton init", () => {
  test("writes the workflow and the policy, and says what comes next", async () => {
    const ran = await baton([
      "init",
      "--action",
      ACTION,
      "--server",
      "https://baton.example",
      "--run",
      "node a.mjs",
    ]);
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toContain(`wrote     ${WORKFLOW}\nwrote     ${POLICY}`);
    expect(read(WORKFLOW)).toContain(`uses: ${ACTION} # pinned by baton init`);
    expect(read(WORKFLOW)).toContain('default: "https://baton.example"');
    expect(read(POLICY)).toContain('run: ["node", "a.mjs"]');
  });

  test("run again changes nothing", async () => {
    await baton(["init", "--action", ACTION]);
    const before = read(WORKFLOW);
    const ran = await baton(["init", "--action", ACTION]);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toContain(`unchanged ${WORKFLOW}\nunchanged ${POLICY}`);
    expect(read(WORKFLOW)).toBe(before);
  });

  test("does not overwrite what somebody changed, and shows the difference", async () => {
    await baton(["init", "--action", ACTION]);
    rmSync(join(repository, WORKFLOW));
    writeFileSync(join(repository, POLICY), read(POLICY).replace("automatic: false", "automatic: true"));
    const ran = await baton(["init", "--action", ACTION]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain("-  automatic: true\n+  automatic: false");
    expect(ran.err).toContain(`${POLICY} would be overwritten: use --force to do it. Nothing was written.`);
    expect(existsSync(join(repository, WORKFLOW))).toBe(false);
    expect((await baton(["init", "--action", ACTION, "--force"])).out).toContain(`replaced  ${POLICY}`);
    expect(read(POLICY)).toContain("automatic: false");
  });

  test("finds the repository's root from below, or where --repo says", async () => {
    mkdirSync(join(repository, "deep/er"), { recursive: true });
    expect((await baton(["init", "--action", ACTION, "--repo", "deep/er"])).code).toBe(0);
    expect(existsSync(join(repository, WORKFLOW))).toBe(true);
  });

  test("does not write through a symlink", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "baton-elsewhere-"));
    symlinkSync(elsewhere, join(repository, ".github"));
    const ran = await baton(["init", "--action", ACTION]);
    expect(ran).toMatchObject({
      code: 1,
      err: `.github is a symlink, so ${WORKFLOW} is not written through it.`,
    });
    rmSync(elsewhere, { recursive: true });
  });

  test("refuses a place that is no repository", async () => {
    const place = mkdtempSync(join(tmpdir(), "baton-nowhere-"));
    const ran = await baton(["init", "--action", ACTION, "--repo", place]);
    expect(ran).toMatchObject({ code: 1, err: `${place} is not in a git repository.` });
    rmSync(place, { recursive: true });
  });

  test("needs a remote and a token to open a pull request", async () => {
    const propose = (): Promise<Ran> => baton(["init", "--action", ACTION, "--pr"]);
    expect((await propose()).err).toContain('no remote "origin" on GitHub');
    execFileSync("git", ["-C", repository, "remote", "add", "origin", "https://github.com/octo/hello.git"]);
    expect((await propose()).err).toContain("Set GITHUB_TOKEN or GH_TOKEN");
  });
});

describe("the action that the workflow pins", () => {
  let checkout: string;

  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), "baton-checkout-"));
  });

  afterEach(() => {
    rmSync(checkout, { recursive: true });
  });

  function git(...args: readonly string[]): string {
    const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    return execFileSync("git", ["-C", checkout, ...identity, ...args], { encoding: "utf8" }).trim();
  }

  test("is the commit of Baton's own checkout, once it is published", async () => {
    git("init", "--quiet");
    git("commit", "--quiet", "--allow-empty", "-m", "x");
    git("remote", "add", "origin", "git@github.com:octo/baton.git");
    const unpublished = await baton(["init"], { batonRoot: checkout });
    expect(unpublished).toMatchObject({ code: 1 });
    expect(unpublished.err).toMatch(/is not on its remote yet\. Name the action with --action/);
    git("update-ref", "refs/remotes/origin/main", "HEAD");
    expect((await baton(["init"], { batonRoot: checkout })).code).toBe(0);
    expect(read(WORKFLOW)).toContain(`uses: octo/baton@${git("rev-parse", "HEAD")} #`);
  });

  test("has to be named where there is no checkout to ask", async () => {
    const ran = await baton(["init"], { batonRoot: checkout });
    expect(ran).toMatchObject({
      code: 1,
      err:
        "This copy of Baton is not a git checkout, so it does not know its own commit. " +
        "Name the action with --action owner/repository@<commit>, the commit as 40 hexadecimal digits.",
    });
    expect(existsSync(join(repository, WORKFLOW))).toBe(false);
  });

  test.each(["octo/baton@v1", "octo/baton", "octo/baton@main", `octo baton@${"a".repeat(40)}`])(
    "is refused as %j, which others could move",
    async (action) => {
      const ran = await baton(["init", "--action", action]);
      expect(ran.code).toBe(1);
      expect(ran.err).toContain("does not pin an action to a commit");
    },
  );
});

describe("the command line", () => {
  test("says its version and what it can do", async () => {
    expect(await baton(["--version"])).toMatchObject({ code: 0, out: "1.2.3" });
    expect((await baton(["--help"])).out).toContain("init");
  });

  test("does not guess what it does not know", async () => {
    expect(await baton(["bake"])).toMatchObject({ code: 2 });
    expect(await baton(["init", "--hard"])).toMatchObject({ code: 2 });
  });
});
