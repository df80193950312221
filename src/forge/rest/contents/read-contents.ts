import { posix } from "node:path";

import { readBlob } from "../../git/read-objects.ts";
import { readEntry, readTree, type TreeEntry } from "../../git/read-tree.ts";
import { resolveCommit } from "../../git/resolve-revision.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { contentType } from "../present/present-content.ts";
import { notFound, RestRefusal } from "../rest-refusal.ts";

export type Contents =
  | { kind: "file"; entry: TreeEntry; content: Buffer }
  | { kind: "symlink"; entry: TreeEntry; target: string }
  | { kind: "submodule"; entry: TreeEntry; gitUrl: string }
  | { kind: "directory"; entry: TreeEntry; entries: TreeEntry[] };

/**
 * What a commit has at a path. A symbolic link to a file of the repository reads as that file, as on GitHub.
 * @throws RestRefusal 404 when the reference or the path is not there
 */
export async function readContents(
  hub: Hub,
  { repository, ref, path }: { repository: Repository; ref: string; path: string },
): Promise<Contents> {
  const gitDir = hub.gitDirectory(repository.id);
  const commit = await resolveCommit(gitDir, ref);
  if (commit === undefined) {
    const empty = (await resolveCommit(gitDir, "HEAD")) === undefined;
    throw new RestRefusal(404, empty ? "This repository is empty." : `No commit found for the ref ${ref}`);
  }
  const entry = await readEntry(gitDir, commit, path);
  if (entry === undefined) throw notFound();
  switch (contentType(entry)) {
    case "file":
      return { kind: "file", entry, content: await contentOf(gitDir, entry) };
    case "symlink":
      return readLink(gitDir, commit, entry);
    case "submodule":
      return { kind: "submodule", entry, gitUrl: await submoduleUrl(gitDir, commit, path) };
    case "dir": {
      const children = (await readTree(gitDir, entry.oid)) ?? [];
      const entries = children.map((child) => ({ ...child, path: posix.join(path, child.path) }));
      return { kind: "directory", entry, entries };
    }
  }
}

async function contentOf(gitDir: string, entry: TreeEntry): Promise<Buffer> {
  const content = await readBlob(gitDir, entry.oid);
  if (content === undefined)
    throw new Error(`The blob ${entry.oid} of ${entry.path} is missing in ${gitDir}`);
  return content;
}

async function readLink(gitDir: string, commit: string, entry: TreeEntry): Promise<Contents> {
  const target = (await contentOf(gitDir, entry)).toString("utf8");
  const pointed = posix.join(posix.dirname(entry.path), target);
  const inside = !posix.isAbsolute(target) && !pointed.startsWith("../");
  const file = inside ? await readEntry(gitDir, commit, pointed) : undefined;
  if (file === undefined || contentType(file) !== "file") return { kind: "symlink", entry, target };
  return { kind: "file", entry: { ...file, path: entry.path }, content: await contentOf(gitDir, file) };
}

async function submoduleUrl(gitDir: string, commit: string, path: string): Promise<string> {
  const modules = await readEntry(gitDir, commit, ".gitmodules");
  const text = modules === undefined ? "" : (await contentOf(gitDir, modules)).toString("utf8");
  const sections = text.split(/^\[submodule /m).map((section) => section.split("\n"));
  const section = sections.find((lines) => settingOf(lines, "path") === path);
  return settingOf(section ?? [], "url") ?? "";
}

function settingOf(lines: readonly string[], name: string): string | undefined {
  for (const line of lines) {
    const [key = "", value] = line.split("=", 2);
    if (key.trim() === name) return value?.trim();
  }
  return undefined;
}
