import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import { readCommit } from "../../git/read-commits.ts";
import { readEntry } from "../../git/read-tree.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import {
  contentType,
  encodeContent,
  presentContentEntry,
  type ContentPlace,
} from "../present/present-content.ts";
import { presentGitCommit } from "../present/present-git-commit.ts";
import { readBody } from "../request-body.ts";
import { requireRepository } from "../require-access.ts";
import { readContents, type Contents } from "./read-contents.ts";
import { removeFile, writeFile } from "./write-contents.ts";

const path = "/repos/:owner/:repo/contents/:path{.*}";

/** Files and directories at a commit, and commits of one file. */
export function registerContentsResource({ rest, hub }: ForgeContext): void {
  const read = async (c: ForgeRequest): Promise<Response> => {
    const repository = requireRepository(c, hub, { permission: "contents", access: "read" });
    const ref = c.req.query("ref") ?? repository.defaultBranch;
    const contents = await readContents(hub, { repository, ref, path: pathOf(c) });
    return answer(c, hub, { repository, ref, contents });
  };
  rest.get("/repos/:owner/:repo/contents", read);
  rest.get(path, read);

  rest.put(path, async (c) => {
    const repository = requireRepository(c, hub, { permission: "contents", access: "write" });
    const written = await writeFile(c, hub, { repository, path: pathOf(c), body: await readBody(c) });
    const entry = await entryAt(
      hub,
      { repository, ref: written.branch },
      { sha: written.sha, path: pathOf(c) },
    );
    const commit = await commitAt(hub, repository, written.sha);
    return c.json({ content: entry, commit }, written.created ? 201 : 200);
  });

  rest.delete(path, async (c) => {
    const repository = requireRepository(c, hub, { permission: "contents", access: "write" });
    const removed = await removeFile(c, hub, { repository, path: pathOf(c), body: await readBody(c) });
    return c.json({ content: null, commit: await commitAt(hub, repository, removed.sha) });
  });
}

/** Without slashes at the ends, which mean nothing. */
function pathOf(c: ForgeRequest): string {
  return (c.req.param("path") ?? "").replaceAll(/^\/+|\/+$/g, "");
}

/** Beyond this the content is left out, and only the raw media type gives it. */
const largestInlineBytes = 1024 * 1024;

function answer(
  c: ForgeRequest,
  hub: Hub,
  { repository, ref, contents }: { repository: Repository; ref: string; contents: Contents },
): Response {
  const place: ContentPlace = { repository, ref };
  const accept = c.req.header("accept") ?? "";
  const entry = presentContentEntry(hub, place, contents.entry);
  switch (contents.kind) {
    case "directory": {
      const entries = contents.entries.map((child) => presentContentEntry(hub, place, child));
      return c.json(/\.object\b/.test(accept) ? { ...entry, entries } : entries);
    }
    case "symlink":
      return c.json({ ...entry, target: contents.target });
    case "submodule":
      return c.json({ ...entry, submodule_git_url: contents.gitUrl });
    case "file": {
      if (/\.raw\b/.test(accept)) {
        return c.body(new Uint8Array(contents.content), 200, {
          "content-type": "application/vnd.github.raw+json; charset=utf-8",
        });
      }
      const inline = contents.content.length <= largestInlineBytes;
      const encoded = inline ? encodeContent(contents.content) : "";
      return c.json({ ...entry, content: encoded, encoding: inline ? "base64" : "none" });
    }
  }
}

async function entryAt(hub: Hub, place: ContentPlace, { sha, path }: { sha: string; path: string }) {
  const gitDir = hub.gitDirectory(place.repository.id);
  const entry = await readEntry(gitDir, sha, path);
  if (entry === undefined || contentType(entry) === "dir") throw new Error(`${path} is not a file of ${sha}`);
  return presentContentEntry(hub, place, entry);
}

async function commitAt(hub: Hub, repository: Repository, sha: string) {
  const commit = await readCommit(hub.gitDirectory(repository.id), sha);
  if (commit === undefined) throw new Error(`The commit ${sha} is missing in repository ${repository.id}`);
  return presentGitCommit(hub, repository, commit);
}
