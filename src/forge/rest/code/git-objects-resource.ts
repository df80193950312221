import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import type { GitIdentity } from "../../git/git-identity.ts";
import { readCommit } from "../../git/read-commits.ts";
import { readBlob, readObject } from "../../git/read-objects.ts";
import { writeBlob, writeCommit } from "../../git/write-objects.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import { gitIdentityOf } from "../../hub/git-identity-of.ts";
import type { Hub } from "../../hub/hub.ts";
import { nodeId } from "../../hub/node-id.ts";
import { repositoryApiUrl } from "../present/api-url.ts";
import { presentGitCommit } from "../present/present-git-commit.ts";
import { readBody, type RequestBody } from "../request-body.ts";
import { actingCaller, requireRepository } from "../require-access.ts";
import { invalidRequest, notFound, RestRefusal } from "../rest-refusal.ts";
import { checkObjectId, readCode, writeCode } from "./code-access.ts";

/** Commits and blobs of the Git data API. */
export function registerGitObjectsResource({ rest, hub }: ForgeContext): void {
  rest.get("/repos/:owner/:repo/git/commits/:sha", async (c) => {
    const repository = requireRepository(c, hub, readCode);
    const sha = c.req.param("sha");
    checkObjectId(sha);
    const commit = await readCommit(hub.gitDirectory(repository.id), sha);
    if (commit === undefined) throw notFound();
    return c.json(presentGitCommit(hub, repository, commit));
  });

  rest.post("/repos/:owner/:repo/git/commits", async (c) => {
    const repository = requireRepository(c, hub, writeCode);
    const sha = await createCommit(c, hub, { repository, body: await readBody(c) });
    const commit = await readCommit(hub.gitDirectory(repository.id), sha);
    if (commit === undefined) throw new Error(`The commit ${sha} vanished`);
    return c.json(presentGitCommit(hub, repository, commit), 201);
  });

  rest.get("/repos/:owner/:repo/git/blobs/:sha", async (c) => {
    const repository = requireRepository(c, hub, readCode);
    const sha = c.req.param("sha");
    checkObjectId(sha);
    const content = await readBlob(hub.gitDirectory(repository.id), sha);
    if (content === undefined) throw notFound();
    if (/\braw\b/.test(c.req.header("accept") ?? "")) return c.body(new Uint8Array(content));
    return c.json({
      sha,
      node_id: nodeId("Commit", `${repository.id}:${sha}`),
      size: content.length,
      url: `${repositoryApiUrl(hub, repository)}/git/blobs/${sha}`,
      content: base64Lines(content),
      encoding: "base64",
    });
  });

  rest.post("/repos/:owner/:repo/git/blobs", async (c) => {
    const repository = requireRepository(c, hub, writeCode);
    const body = await readBody(c);
    const content = body.string("content");
    if (content === undefined) throw invalidRequest(`"content" wasn't supplied.`);
    const encoding = body.oneOf("encoding", ["utf-8", "base64"]) ?? "utf-8";
    const bytes = Buffer.from(content, encoding === "base64" ? "base64" : "utf8");
    const sha = await writeBlob(hub.gitDirectory(repository.id), bytes);
    return c.json({ sha, url: `${repositoryApiUrl(hub, repository)}/git/blobs/${sha}` }, 201);
  });
}

async function createCommit(
  c: ForgeRequest,
  hub: Hub,
  { repository, body }: { repository: Repository; body: RequestBody },
): Promise<string> {
  const message = body.string("message");
  if (message === undefined) throw invalidRequest(`"message" wasn't supplied.`);
  const tree = body.string("tree");
  if (tree === undefined) throw invalidRequest(`"tree" wasn't supplied.`);
  const gitDir = hub.gitDirectory(repository.id);
  await requireType(gitDir, { sha: tree, type: "tree", refusal: "Tree SHA does not exist" });
  const parents = body.strings("parents") ?? [];
  for (const sha of parents) {
    await requireType(gitDir, {
      sha,
      type: "commit",
      refusal: "Parent SHA does not exist or is not a commit object",
    });
  }
  const self = gitIdentityOf(hub, actingCaller(c).account);
  const author = readIdentity(body.object("author"), self);
  const committer = readIdentity(body.object("committer"), author);
  return writeCommit(gitDir, { tree, parents, author, committer, message });
}

async function requireType(
  gitDir: string,
  { sha, type, refusal }: { sha: string; type: "tree" | "commit"; refusal: string },
): Promise<void> {
  checkObjectId(sha);
  if ((await readObject(gitDir, sha))?.type !== type) throw new RestRefusal(422, refusal);
}

/** @param fallback stands for whatever the request leaves out */
function readIdentity(body: RequestBody | undefined, fallback: GitIdentity): GitIdentity {
  if (body === undefined) return fallback;
  const date = body.string("date");
  const at = date === undefined ? fallback.at : new Date(date);
  if (Number.isNaN(at.getTime())) throw invalidRequest(`${JSON.stringify(date)} is not a date-time.`);
  return { name: body.string("name") ?? fallback.name, email: body.string("email") ?? fallback.email, at };
}

/** GitHub breaks Base64 into lines of 60 characters. */
function base64Lines(content: Buffer): string {
  return content.toString("base64").replace(/.{1,60}/g, "$&\n");
}
