import type { ForgeContext } from "../../forge-context.ts";
import { readObject } from "../../git/read-objects.ts";
import { readTree, type TreeEntry } from "../../git/read-tree.ts";
import { resolveCommit } from "../../git/resolve-revision.ts";
import { writeBlob, writeTree, type TreeChange } from "../../git/write-objects.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { repositoryApiUrl } from "../present/api-url.ts";
import { readBody, type RequestBody } from "../request-body.ts";
import { requireRepository } from "../require-access.ts";
import { invalidRequest, notFound, RestRefusal } from "../rest-refusal.ts";
import { checkObjectId, readCode, writeCode } from "./code-access.ts";

/** GitHub lists no more entries of a tree that is asked for recursively. */
const MOST_ENTRIES = 100_000;

/** Trees of the Git data API. */
export function registerGitTreesResource({ rest, hub }: ForgeContext): void {
  rest.get("/repos/:owner/:repo/git/trees/:sha{.+}", async (c) => {
    const repository = requireRepository(c, hub, readCode);
    const sha = await requireTreeId(hub, repository, c.req.param("sha"));
    // Any value turns it on, even "0", as GitHub documents.
    const recursive = c.req.query("recursive") !== undefined;
    const entries = (await readTree(hub.gitDirectory(repository.id), sha, { recursive })) ?? [];
    return c.json(presentTree(hub, repository, { sha, entries }));
  });

  rest.post("/repos/:owner/:repo/git/trees", async (c) => {
    const repository = requireRepository(c, hub, writeCode);
    const body = await readBody(c);
    const items = body.objects("tree");
    if (items === undefined) throw invalidRequest(`"tree" wasn't supplied.`);
    const gitDir = hub.gitDirectory(repository.id);
    const base = body.string("base_tree");
    if (base !== undefined) await requireTree(gitDir, base);
    const changes = await Promise.all(items.map((item) => readChange(gitDir, item)));
    const sha = await writeTree(gitDir, base, changes);
    const entries = (await readTree(gitDir, sha)) ?? [];
    return c.json(presentTree(hub, repository, { sha, entries }), 201);
  });
}

/** Besides trees GitHub takes commits, branches and tags here. */
async function requireTreeId(hub: Hub, repository: Repository, revision: string): Promise<string> {
  const gitDir = hub.gitDirectory(repository.id);
  const commit = await resolveCommit(gitDir, revision);
  const name = commit ?? (/^[0-9a-f]{40}$/.test(revision) ? revision : undefined);
  const tree = name === undefined ? undefined : await readObject(gitDir, `${name}^{tree}`);
  if (tree === undefined) throw notFound();
  return tree.oid;
}

async function requireTree(gitDir: string, sha: string): Promise<void> {
  checkObjectId(sha);
  if ((await readObject(gitDir, `${sha}^{tree}`)) === undefined) {
    throw new RestRefusal(422, "base_tree is not a valid tree SHA");
  }
}

const MODES = ["100644", "100755", "040000", "160000", "120000"] as const;

async function readChange(gitDir: string, item: RequestBody): Promise<TreeChange> {
  const path = item.string("path");
  if (path === undefined) throw new RestRefusal(422, "Must supply a valid tree.path");
  checkPath(path);
  const mode = item.oneOf("mode", MODES) ?? "100644";
  if (item.isNull("sha")) return { path, mode, oid: null };
  const sha = item.string("sha");
  const content = item.string("content");
  if (content !== undefined && sha === undefined)
    return { path, mode, oid: await writeBlob(gitDir, content) };
  if (sha === undefined) throw new RestRefusal(422, "Must supply either tree.sha or tree.content");
  checkObjectId(sha);
  // A submodule's commit lives in another repository.
  if (mode !== "160000") await checkType(gitDir, { sha, mode });
  return { path, mode, oid: sha };
}

async function checkType(gitDir: string, { sha, mode }: { sha: string; mode: string }): Promise<void> {
  const type = (await readObject(gitDir, sha))?.type;
  const wanted = mode === "040000" ? "tree" : "blob";
  if (type !== wanted) throw new RestRefusal(422, `tree.sha ${sha} is not a valid ${wanted}`);
}

/** Git itself refuses these: they would leave the work tree or reach into git's own directory. */
function checkPath(path: string): void {
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".." || part.toLowerCase() === ".git")) {
    throw new RestRefusal(422, "tree.path contains a malformed path component");
  }
}

function presentTree(
  hub: Hub,
  repository: Repository,
  { sha, entries }: { sha: string; entries: readonly TreeEntry[] },
) {
  const url = `${repositoryApiUrl(hub, repository)}/git`;
  return {
    sha,
    url: `${url}/trees/${sha}`,
    tree: entries.slice(0, MOST_ENTRIES).map(({ path, mode, type, size, oid }) => ({
      path,
      mode,
      type,
      sha: oid,
      ...(size !== undefined && { size }),
      // A submodule's commit has no address here.
      ...(type !== "commit" && { url: `${url}/${type}s/${oid}` }),
    })),
    truncated: entries.length > MOST_ENTRIES,
  };
}
