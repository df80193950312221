import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { GitPlace } from "../../../src/runner/git/git-place.ts";
import { createRepository } from "../../../src/runner/git/create-repository.ts";
import type { Change } from "./read-corpus.ts";

type Changes = Readonly<Record<string, Change>>;

/** A repository of the runner's, into which commits are put that no work tree could hold. */
export type HostileRepository = {
  readonly root: string;
  readonly place: GitPlace;
  readonly git: (args: readonly string[], input?: string) => string;
  /** A commit with these changes on the first one, or the first one itself. */
  readonly commit: (changes: Changes, parent?: string) => string;
};

export async function createHostileRepository(): Promise<HostileRepository> {
  const root = mkdtempSync(join(tmpdir(), "baton-injection-"));
  const place = { gitDir: join(root, "git"), homeDir: join(root, "home"), path: process.env["PATH"] ?? "" };
  await createRepository(place);
  const env = {
    PATH: place.path,
    HOME: place.homeDir,
    ...Object.fromEntries(
      ["AUTHOR", "COMMITTER"].flatMap((who) => [
        [`GIT_${who}_NAME`, "Mallory"],
        [`GIT_${who}_EMAIL`, "mallory@example.com"],
      ]),
    ),
  };
  const git = (args: readonly string[], input = ""): string =>
    execFileSync("git", ["--git-dir", place.gitDir, ...args], { env, input, encoding: "utf8" }).trim();
  const blobOf = (content: string): string => git(["hash-object", "-w", "--stdin"], content);

  function commit(changes: Changes, parent?: string): string {
    const files = parent === undefined ? [] : git(["ls-tree", "-r", "-z", parent]).split("\0");
    const entries = new Map(
      files.filter((line) => line !== "").map((line) => [line.slice(line.indexOf("\t") + 1), line]),
    );
    for (const [path, change] of Object.entries(changes)) {
      entries.delete(path);
      for (const [name, mode, object] of entriesOf(path, change, blobOf)) {
        entries.set(name, `${mode} ${mode === "160000" ? "commit" : "blob"} ${object}\t${name}`);
      }
    }
    const tree = treeOf(git, [...entries.values()]);
    const parents = parent === undefined ? [] : ["-p", parent];
    return git(["commit-tree", tree, ...parents, "-m", "Change"]);
  }
  return { root, place, git, commit };
}

type Entry = readonly [path: string, mode: string, object: string];

function entriesOf(path: string, change: Change, blobOf: (content: string) => string): readonly Entry[] {
  if (change === null) return [];
  if ("submodule" in change) return [[path, "160000", "1".repeat(40)]];
  if ("symlink" in change) return [[path, "120000", blobOf(change.symlink)]];
  if ("files" in change) {
    const blob = blobOf("x\n");
    return Array.from({ length: change.files }, (_, index) => [`${path}/${index}.ts`, "100644", blob]);
  }
  const content = contentOf(change);
  return [[path, "100644", blobOf(content)]];
}

function contentOf(
  change: Extract<Change, { file: string } | { program: string } | { secret: string[] }>,
): string {
  if ("file" in change) return change.file;
  return "program" in change
    ? `#!/bin/sh\n${change.program}\n`
    : `const key = "${change.secret.join("")}";\n`;
}

/** `git mktree` takes what the index would refuse, one directory at a time. */
function treeOf(git: HostileRepository["git"], entries: readonly string[]): string {
  const here: string[] = [];
  const below = new Map<string, string[]>();
  for (const entry of entries) {
    const [head = "", path = ""] = splitAtTab(entry);
    const slash = path.indexOf("/");
    if (slash === -1) here.push(`${head}\t${path}`);
    else {
      const directory = path.slice(0, slash);
      below.set(directory, [...(below.get(directory) ?? []), `${head}\t${path.slice(slash + 1)}`]);
    }
  }
  for (const [directory, inside] of below) here.push(`040000 tree ${treeOf(git, inside)}\t${directory}`);
  return git(["mktree", "-z", "--missing"], here.map((line) => `${line}\0`).join(""));
}

function splitAtTab(entry: string): [string, string] {
  const tab = entry.indexOf("\t");
  return [entry.slice(0, tab), entry.slice(tab + 1)];
}

/** The changes in a work tree, as a program with a shell would make them. */
export function writeChanges(workTree: string, changes: Changes): void {
  for (const [path, change] of Object.entries(changes)) {
    if (change === null || !("file" in change || "program" in change))
      throw new Error(`${path} cannot be written.`);
    const target = join(workTree, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, contentOf(change), { mode: "program" in change ? 0o755 : 0o644 });
  }
}
