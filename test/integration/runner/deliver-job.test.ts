import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Briefing } from "../../../src/contract/briefing.ts";
import { setScene, type Scene } from "./fixture/attempt-scene.ts";
import { PUSH_TOKEN, type GitRemote } from "./fixture/git-remote.ts";

const FILES = {
  "README.md": "hello\n",
  "src/greet.txt": "hi\n",
  "test/greet.txt": "expects hello\n",
  ".github/workflows/ci.yml": "on: push\n",
};
const BRANCH = "baton/12-greet";

let scene: Scene | null = null;

afterEach(async () => {
  await scene?.close();
  scene = null;
});

/** Changes a checkout, and names the commit to hand over where it is not the work tree's. */
type Change = (work: string, git: (...args: string[]) => string) => string | void;

/**
 * What an agent that speaks for itself hands over: it makes the bundle with its own git, past the agent job and all
 * that the agent job would leave out.
 */
function makeBundle(remote: GitRemote, start: string, change: Change): Buffer {
  const work = mkdtempSync(join(tmpdir(), "baton-hostile-"));
  const env = {
    PATH: process.env["PATH"],
    HOME: work,
    GIT_AUTHOR_NAME: "agent",
    GIT_AUTHOR_EMAIL: "agent@example.com",
    GIT_COMMITTER_NAME: "agent",
    GIT_COMMITTER_EMAIL: "agent@example.com",
  };
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", work, ...args], {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  git("clone", "--quiet", remote.directory, ".");
  git("checkout", "--quiet", "--detach", start);
  const head = change(work, git);
  git("add", "--all", "--force");
  git("commit", "--quiet", "--allow-empty", "-m", "I am Linus\n\nCo-authored-by: nobody <n@example.com>");
  git("update-ref", "refs/baton/work", head ?? "HEAD");
  git("bundle", "create", "out.bundle", "refs/baton/work", `^${start}`);
  const bundle = readFileSync(join(work, "out.bundle"));
  rmSync(work, { recursive: true });
  return bundle;
}

type Files = Readonly<Record<string, string | Buffer>>;

function write(work: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), content);
  }
}

async function stage(change: Files | Change, briefing: Partial<Briefing> = {}): Promise<Scene> {
  scene = await setScene(FILES, () => briefing);
  const { server, remote } = scene;
  server.bundle = makeBundle(remote, server.briefing.headSha ?? server.briefing.baseSha, (work, git) => {
    if (typeof change === "function") return change(work, git);
    write(work, change);
  });
  return scene;
}

function headOf(remote: GitRemote): string {
  return remote.git("for-each-ref", "--format=%(objectname)", `refs/heads/${BRANCH}`);
}

describe("the deliver job", () => {
  test("pushes the work as one commit by the App, with the requester and the run on it", async () => {
    const { server, run, remote } = await stage({ "src/greet.txt": "hello\n" });
    const host = await run("deliver");
    expect(host.failures).toEqual([]);
    expect(server.deliveries).toEqual([{ outcome: "pushed", headSha: headOf(remote) }]);
    expect(remote.git("log", "-1", "--format=%an <%ae>%n%cn%n%B", BRANCH)).toBe(
      [
        "baton[bot] <1+baton[bot]@users.noreply.github.com>",
        "baton[bot]",
        "Add a greeting",
        "",
        "For #12.",
        "",
        "Baton-Attempt: 7-12-1.3",
        `Baton-Run: ${remote.url}/octo/hello/actions/runs/99`,
        "Co-authored-by: Ada <ada@users.noreply.github.com>",
      ].join("\n"),
    );
    expect(remote.git("rev-parse", `${BRANCH}^`)).toBe(server.briefing.baseSha);
    expect(remote.git("show", `${BRANCH}:src/greet.txt`)).toBe("hello");
  });

  test("squashes the agent's commits onto the branch's head", async () => {
    const { server, run, remote } = await stage({});
    const head = remote.commit(BRANCH, { "src/earlier.txt": "x\n" }, server.briefing.baseSha);
    server.briefing = { ...server.briefing, headSha: head };
    server.bundle = makeBundle(remote, head, (work, git) => {
      write(work, { "src/one.txt": "1" });
      git("add", ".");
      git("commit", "--quiet", "-m", "one");
      write(work, { "src/two.txt": "2" });
    });
    await run("deliver");
    expect(server.deliveries[0]?.outcome).toBe("pushed");
    expect(remote.git("rev-list", "--count", `${head}..${BRANCH}`)).toBe("1");
  });

  test("keeps names with line ends from writing trailers of their own", async () => {
    const { server, run, remote } = await stage({ "src/greet.txt": "hello\n" });
    server.commit.subject = "Add\n\nCo-authored-by: Eve <eve@example.com>";
    await run("deliver");
    const message = remote.git("log", "-1", "--format=%B", BRANCH);
    expect(message).not.toMatch(/^Co-authored-by: Eve/m);
  });

  test("run twice pushes once and answers the same", async () => {
    const { server, run, remote } = await stage({ "src/greet.txt": "hello\n" });
    await run("deliver");
    const pushes = remote.pushes();
    await run("deliver");
    expect(server.deliveries[1]).toEqual(server.deliveries[0]);
    expect(headOf(remote)).toBe(
      server.deliveries[0]?.outcome === "pushed" ? server.deliveries[0].headSha : "",
    );
    expect(remote.git("rev-list", "--count", `main..${BRANCH}`)).toBe("1");
    expect(remote.pushes()).toBe(pushes);
  });

  test("in another run finds its work pushed already, though the run in its message differs", async () => {
    const { server, run, remote } = await stage({ "src/greet.txt": "hello\n" });
    await run("deliver");
    const head = headOf(remote);
    await run("deliver", { env: { GITHUB_RUN_ID: "100" } });
    expect(server.deliveries[1]).toEqual({ outcome: "pushed", headSha: head });
    expect(headOf(remote)).toBe(head);
  });
});

// Put together here, so that this file itself holds nothing that looks like a secret.
const PLANTED = ["ghp", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].join("_");

describe("work that must not be pushed", () => {
  const cases: readonly (readonly [string, Parameters<typeof stage>[0], string])[] = [
    [
      "a developer's change to a test",
      { "test/greet.txt": "x" },
      '"test/greet.txt" is a test, and the developer changes no tests.',
    ],
    [
      "a workflow",
      { ".github/workflows/ci.yml": "on: [push]\n" },
      '".github/workflows/ci.yml" is protected by the policy (scope.deny).',
    ],
    [
      "a symlink out of the tree",
      (work) => {
        symlinkSync("../../etc/passwd", join(work, "src/link"));
      },
      'src/link is a symlink to "../../etc/passwd", which may lead out of the repository.',
    ],
    [
      "a submodule",
      (_work, git) => {
        git("clone", "--quiet", ".", "vendor");
      },
      '"vendor" is a submodule, and work may not add, move or remove one.',
    ],
    [
      "too many files",
      Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`src/${index}.txt`, "x"])),
      "The work changes 11 files, more than the 10 that the policy allows.",
    ],
    [
      "too much",
      { "src/big.bin": Buffer.alloc(100_001) },
      "The changed files have 100001 bytes together, more than the 100000 that the policy allows.",
    ],
    [
      "a secret",
      { "src/config.txt": `one\ntoken=${PLANTED}\n` },
      "src/config.txt line 2 holds what looks like a secret (GitHub token), and secrets are not pushed.",
    ],
    [
      "the job's own push token",
      { "src/config.txt": Buffer.from(PUSH_TOKEN).toString("base64") },
      "src/config.txt line 1 holds what looks like a secret (credential of this run), and secrets are not pushed.",
    ],
    [
      "agent configuration",
      { ".claude/settings.json": "{}" },
      ".claude/settings.json steers agent programs, and only people may change it.",
    ],
    ["nothing", {}, "The work changes nothing, so nothing was pushed."],
  ];

  test.each(cases)("%s is refused by name", async (_name, change, summary) => {
    const { server, run, remote } = await stage(change);
    const host = await run("deliver");
    expect(server.deliveries).toMatchObject([{ outcome: "refused", failure: { kind: "scope", summary } }]);
    expect(host.failures).toEqual([summary]);
    expect(remote.pushes()).toBe(0);
    expect(headOf(remote)).toBe("");
  });

  test("a tester's change to code is refused", async () => {
    const { server, run } = await stage({ "src/greet.txt": "hello\n" }, { stage: "test" });
    await run("deliver");
    expect(server.deliveries).toMatchObject([
      { failure: { summary: '"src/greet.txt" is not a test, and the tester changes only tests.' } },
    ]);
  });

  test("what was renamed away counts as deleted", async () => {
    const { server, run } = await stage((_work, git) => {
      git("mv", "test/greet.txt", "src/moved.txt");
    });
    await run("deliver");
    expect(server.deliveries).toMatchObject([
      { failure: { summary: '"test/greet.txt" is a test, and the developer changes no tests.' } },
    ]);
  });
});

describe("a bundle that cannot be trusted", () => {
  test("another one than was reported", async () => {
    const { server, run, remote } = await stage({ "src/greet.txt": "hello\n" });
    server.bundleSha256 = "0".repeat(64);
    await run("deliver");
    expect(server.deliveries).toMatchObject([
      {
        failure: {
          summary: "The bundle is not the one that the agent's report named, so nothing was pushed.",
        },
      },
    ]);
    expect(remote.pushes()).toBe(0);
  });

  test.each([
    ["garbage", () => Buffer.from("not a bundle")],
    ["cut off", (bundle: Buffer) => bundle.subarray(0, bundle.length - 10)],
    [
      "changed in the middle",
      (bundle: Buffer) => {
        const copy = Buffer.from(bundle);
        copy.writeUInt8(copy.readUInt8(copy.length - 30) ^ 0xff, copy.length - 30);
        return copy;
      },
    ],
  ])("one that is %s", async (_name, damage) => {
    const { server, run, remote } = await stage({ "src/greet.txt": "hello\n" });
    server.bundle = damage(server.bundle ?? Buffer.alloc(0));
    const host = await run("deliver");
    expect(server.deliveries).toMatchObject([{ outcome: "refused", failure: { kind: "scope" } }]);
    expect(host.failures).toHaveLength(1);
    expect(remote.pushes()).toBe(0);
  });

  test("one with a history of its own", async () => {
    const { server, run } = await stage((_work, git) => {
      git("checkout", "--quiet", "--orphan", "other");
    });
    await run("deliver");
    expect(server.deliveries[0]).toMatchObject({ outcome: "refused", failure: { kind: "scope" } });
  });

  test("one with a tree that git's own checks refuse", async () => {
    const { server, run } = await stage((_work, git) => {
      // A tree with the entry ".git", as no work tree could make it.
      const blob = git("rev-parse", "HEAD:README.md").trim();
      const entry = Buffer.concat([Buffer.from("100644 .git\0"), Buffer.from(blob, "hex")]);
      const file = join(mkdtempSync(join(tmpdir(), "baton-tree-")), "tree");
      writeFileSync(file, entry);
      const tree = git("hash-object", "-t", "tree", "-w", "--literally", file).trim();
      return git("commit-tree", tree, "-p", "HEAD", "-m", "x").trim();
    });
    await run("deliver");
    const [result] = server.deliveries;
    expect(result).toMatchObject({ outcome: "refused", failure: { kind: "scope" } });
    expect(result?.outcome === "refused" ? result.failure.summary : "").toMatch(/hasDotgit|\.git/);
  });
});

describe("a branch that is not where it was", () => {
  test("because somebody pushed is left alone, in one sentence", async () => {
    const { server, run, remote } = await stage({ "src/greet.txt": "hello\n" });
    const other = remote.commit(BRANCH, { "src/other.txt": "x\n" }, server.briefing.baseSha);
    const host = await run("deliver");
    expect(host.failures).toEqual([
      `The branch ${BRANCH} did not exist when the agent began and is at ${other.slice(0, 12)} now, so nothing was pushed over it.`,
    ]);
    expect(server.deliveries).toMatchObject([{ outcome: "refused", failure: { kind: "infrastructure" } }]);
    expect(headOf(remote)).toBe(other);
  });

  test("because it was deleted is not made again", async () => {
    const { server, run, remote } = await stage({});
    const head = remote.commit(BRANCH, { "src/earlier.txt": "x\n" }, server.briefing.baseSha);
    server.briefing = { ...server.briefing, headSha: head };
    server.bundle = makeBundle(remote, head, (work) => {
      write(work, { "src/greet.txt": "hello\n" });
    });
    remote.git("update-ref", "refs/kept/head", head);
    remote.git("update-ref", "-d", `refs/heads/${BRANCH}`);
    const host = await run("deliver");
    expect(host.failures).toEqual([
      `The branch ${BRANCH} was deleted while the agent worked, so nothing was pushed.`,
    ]);
    expect(headOf(remote)).toBe("");
  });

  test("because a rule of the repository refuses the push is told in the rule's words", async () => {
    const { server, run, remote } = await stage({ "src/greet.txt": "hello\n" });
    const hook = join(remote.directory, "hooks", "pre-receive");
    writeFileSync(hook, "#!/bin/sh\necho 'GH006: Protected branch.' >&2\nexit 1\n", { mode: 0o755 });
    const host = await run("deliver");
    expect(host.failures).toEqual([
      `GitHub did not take the push to ${BRANCH}: pre-receive hook declined: GH006: Protected branch.`,
    ]);
    expect(server.deliveries[0]).toMatchObject({ outcome: "refused", failure: { kind: "infrastructure" } });
  });
});
