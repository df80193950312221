import { describe, expect, test } from "vitest";
import { commitFiles } from "./commit-files.ts";
import { openGitHub } from "./github-fixture.ts";

const SITE = { owner: "ada", repo: "engine" };

async function openRepository() {
  const fixture = await openGitHub();
  const ada = fixture.as(fixture.ada);
  const base = await commitFiles(ada, SITE, {
    branch: "main",
    files: {
      ".github/baton.yml": "version: 1\n",
      "src/a.ts": "a\n",
      "src/b.ts": "b\nb\nb\nb\nb\n",
      "src/deep/c.ts": "",
    },
  });
  const commit = (files: Record<string, string | null>) =>
    commitFiles(ada, SITE, { branch: "baton/1-page", from: "main", files });
  return { ...fixture, base, commit };
}

describe("branches", () => {
  test("a branch with slashes has a head, one that is not there has none", async () => {
    const { github, repository, commit } = await openRepository();
    expect(await github.headOf(repository, "baton/1-page")).toBeNull();
    const head = await commit({ "src/d.ts": "d\n" });
    expect(await github.headOf(repository, "baton/1-page")).toBe(head);
    // Not the beginning of a name, which the API once answered for too.
    expect(await github.headOf(repository, "baton/1")).toBeNull();
  });
});

describe("files", () => {
  test("a file is read at a commit, and is absent at another", async () => {
    const { github, repository, base, commit } = await openRepository();
    const head = await commit({ ".github/baton.yml": "version: 1\ntrigger: go\n", "src/ä ö.ts": "ü\n" });
    expect(await github.readFile(repository, ".github/baton.yml", base)).toEqual({
      kind: "found",
      text: "version: 1\n",
    });
    expect(await github.readFile(repository, ".github/baton.yml", head)).toEqual({
      kind: "found",
      text: "version: 1\ntrigger: go\n",
    });
    expect(await github.readFile(repository, "src/ä ö.ts", head)).toEqual({ kind: "found", text: "ü\n" });
    expect(await github.readFile(repository, "src/ä ö.ts", base)).toEqual({ kind: "absent" });
  });

  test("a directory, bytes that are no text and a file over 1 MB are unreadable, each with its reason", async () => {
    const { as, ada, base, commit, github, repository } = await openRepository();
    const read = (path: string, ref: string) => github.readFile(repository, path, ref);
    expect(await read("src", base)).toEqual({ kind: "unreadable", why: "`src` is a directory." });
    const { data: bytes } = await as(ada).rest.repos.createOrUpdateFileContents({
      ...SITE,
      path: "logo.bin",
      message: "Add a logo",
      content: Buffer.from([0xff, 0xfe, 0x00]).toString("base64"),
    });
    expect(await read("logo.bin", bytes.commit.sha ?? "")).toEqual({
      kind: "unreadable",
      why: "`logo.bin` is not UTF-8 text.",
    });
    const head = await commit({ "large.txt": "x".repeat(1_100_000) });
    expect(await read("large.txt", head)).toEqual({
      kind: "unreadable",
      why: "`large.txt` is larger than 1 MB.",
    });
  });
});

describe("comparing", () => {
  test("names every path that changed, both of a renamed file", async () => {
    const { github, repository, base, commit } = await openRepository();
    const head = await commit({
      "src/a.ts": "changed\n",
      "src/b.ts": null,
      "src/moved.ts": "b\nb\nb\nb\nb\n",
      "src/deep/c.ts": null,
    });
    expect(await github.changedFiles(repository, base, head)).toEqual([
      "src/a.ts",
      "src/b.ts",
      "src/deep/c.ts",
      "src/moved.ts",
    ]);
    expect(await github.changedFiles(repository, "main", "baton/1-page")).toHaveLength(4);
  });

  test("counts from where the branch left the base, whatever came to the base since", async () => {
    const { as, ada, github, repository, commit } = await openRepository();
    const head = await commit({ "src/new.ts": "new\n" });
    await commitFiles(as(ada), SITE, { branch: "main", files: { "src/a.ts": "meanwhile\n" } });
    expect(await github.changedFiles(repository, "main", head)).toEqual(["src/new.ts"]);
  });

  test("names all files where GitHub's comparison stops at 300", async () => {
    const { github, repository, base, commit } = await openRepository();
    const files = Object.fromEntries(
      Array.from({ length: 310 }, (_, index) => [`many/${index}.txt`, `${index}\n`]),
    );
    const head = await commit({ ...files, "src/a.ts": null });
    const changed = await github.changedFiles(repository, base, head);
    expect(changed).toHaveLength(311);
    expect(changed).toContain("src/a.ts");
  });

  test("names what differs where a force-push left no common ancestor", async () => {
    const { as, ada, github, repository, base } = await openRepository();
    const { git } = as(ada).rest;
    const { data: tree } = await git.createTree({
      ...SITE,
      tree: [{ path: "src/a.ts", mode: "100644", type: "blob", content: "a\n" }],
    });
    const { data: orphan } = await git.createCommit({
      ...SITE,
      message: "Anew",
      tree: tree.sha,
      parents: [],
    });
    expect(await github.changedFiles(repository, base, orphan.sha)).toEqual([
      ".github/baton.yml",
      "README.md",
      "src/b.ts",
      "src/deep/c.ts",
    ]);
    expect(await github.diff(repository, base, orphan.sha)).toContain("no common ancestor");
  });

  test("gives the diff as text", async () => {
    const { github, repository, base, commit } = await openRepository();
    const head = await commit({ "src/a.ts": "changed\n" });
    const diff = await github.diff(repository, base, head);
    expect(diff).toContain("diff --git a/src/a.ts b/src/a.ts");
    expect(diff).toContain("-a\n+changed\n");
  });
});

describe("push tokens", () => {
  test("one writes contents of this repository and can do nothing else", async () => {
    const { ada, forge, github, repository, exchanges } = await openRepository();
    const other = await forge.hub.createRepository({ owner: ada, name: "other" });
    const token = await github.pushToken(repository);
    const request = exchanges.findLast(({ path }) => path.endsWith("/access_tokens"));
    expect(request?.requestBody).toEqual({
      repository_ids: [repository.id],
      permissions: { contents: "write" },
    });
    const call = (method: string, path: string, body?: object) =>
      fetch(`${forge.url}/api/v3${path}`, {
        method,
        headers: { authorization: `token ${token}` },
        ...(body && { body: JSON.stringify(body) }),
      }).then(({ status }) => status);
    expect(await call("POST", "/repos/ada/engine/git/blobs", { content: "x" })).toBe(201);
    expect(await call("POST", "/repos/ada/engine/issues", { title: "x" })).toBe(403);
    expect([403, 404]).toContain(await call("POST", `/repos/ada/${other.name}/git/blobs`, { content: "x" }));
  });
});
