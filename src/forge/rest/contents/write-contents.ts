import type { ForgeRequest } from "../../forge-context.ts";
import type { GitIdentity } from "../../git/git-identity.ts";
import { isRefName } from "../../git/ref-name.ts";
import { readEntry } from "../../git/read-tree.ts";
import { readRef } from "../../git/read-refs.ts";
import { writeBlob } from "../../git/write-objects.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { commitToBranch, type BranchCommit, type CommitOutcome } from "../../hub/push/commit-changes.ts";
import type { RequestBody } from "../request-body.ts";
import { actingCaller } from "../require-access.ts";
import { invalidRequest, notFound, RestRefusal } from "../rest-refusal.ts";

export interface FileWrite {
  repository: Repository;
  path: string;
  body: RequestBody;
}

export interface WrittenFile {
  /** The commit. */
  sha: string;
  branch: string;
  created: boolean;
}

/** Creates or replaces one file with a commit on a branch. */
export async function writeFile(c: ForgeRequest, hub: Hub, write: FileWrite): Promise<WrittenFile> {
  const { repository, path, body } = write;
  refuseOddPath(path);
  const gitDir = hub.gitDirectory(repository.id);
  const content = readContent(body);
  let created = true;
  const commit = await prepare(c, hub, write);
  const outcome = await commitToBranch(hub, {
    ...commit,
    changesOn: async (parent) => {
      const current = parent === undefined ? undefined : await readEntry(gitDir, parent, path);
      if (current?.type === "tree") throw invalidRequest(`"${path}" is a directory.`);
      checkReplacedBlob(path, current?.oid, body.string("sha"));
      created = current === undefined;
      return [{ path, mode: current?.mode ?? "100644", oid: await writeBlob(gitDir, content) }];
    },
  });
  return { sha: committed(outcome, created ? "create" : "update"), branch: commit.branch, created };
}

/** Removes one file with a commit on a branch. */
export async function removeFile(c: ForgeRequest, hub: Hub, write: FileWrite): Promise<{ sha: string }> {
  const { repository, path, body } = write;
  const sha = body.string("sha");
  if (sha === undefined) throw invalidRequest('"sha" wasn\'t supplied.');
  const gitDir = hub.gitDirectory(repository.id);
  const outcome = await commitToBranch(hub, {
    ...(await prepare(c, hub, write)),
    changesOn: async (parent) => {
      const current = parent === undefined ? undefined : await readEntry(gitDir, parent, path);
      if (current?.type !== "blob") throw notFound();
      checkReplacedBlob(path, current.oid, sha);
      return [{ path, mode: current.mode, oid: null }];
    },
  });
  return { sha: committed(outcome, "delete") };
}

async function prepare(
  c: ForgeRequest,
  hub: Hub,
  { repository, body }: FileWrite,
): Promise<Omit<BranchCommit, "changesOn">> {
  const message = body.string("message");
  if (message === undefined) throw invalidRequest('"message" wasn\'t supplied.');
  const branch = (body.string("branch") ?? repository.defaultBranch).replace(/^refs\/heads\//, "");
  const gitDir = hub.gitDirectory(repository.id);
  const exists =
    isRefName(`refs/heads/${branch}`) && (await readRef(gitDir, `refs/heads/${branch}`)) !== undefined;
  // Only the first commit of an empty repository makes a branch.
  const first = branch === repository.defaultBranch && (await readRef(gitDir, "HEAD")) === undefined;
  if (!exists && !first) throw new RestRefusal(404, `Branch ${branch} not found`);
  const committer = readIdentity(hub, body, "committer");
  const author = readIdentity(hub, body, "author") ?? committer;
  return {
    repository,
    caller: actingCaller(c),
    branch,
    message,
    ...(author !== undefined && { author }),
    ...(committer !== undefined && { committer }),
  };
}

function readContent(body: RequestBody): Buffer {
  const content = body.string("content");
  if (content === undefined) throw invalidRequest('"content" wasn\'t supplied.');
  const compact = content.replaceAll(/\s/g, "");
  if (!/^[\w+/-]*={0,2}$/.test(compact)) throw new RestRefusal(422, "content is not valid Base64");
  return Buffer.from(compact, "base64");
}

function refuseOddPath(path: string): void {
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".." || part.toLowerCase() === ".git")) {
    throw new RestRefusal(422, "path contains a malformed path component");
  }
}

/** A writer proves with the blob's id that it knows what it replaces. */
function checkReplacedBlob(path: string, current: string | undefined, claimed: string | undefined): void {
  if (current === undefined) {
    if (claimed === undefined) return;
    throw new RestRefusal(409, `${path} does not exist`);
  }
  if (claimed === undefined) throw invalidRequest('"sha" wasn\'t supplied.');
  if (claimed !== current) throw new RestRefusal(409, `${path} does not match ${claimed}`);
}

function readIdentity(hub: Hub, body: RequestBody, name: "author" | "committer"): GitIdentity | undefined {
  const person = body.object(name);
  if (person === undefined) return undefined;
  const date = person.string("date");
  const at = date === undefined ? hub.date() : new Date(date);
  if (Number.isNaN(at.getTime()))
    throw invalidRequest(`For 'properties/${name}/date', ${date} is not a date.`);
  return {
    name: person.requiredString("name", "Commit"),
    email: person.requiredString("email", "Commit"),
    at,
  };
}

function committed(outcome: CommitOutcome, verb: "create" | "update" | "delete"): string {
  switch (outcome.kind) {
    case "committed":
      return outcome.sha;
    case "lost race":
      throw new RestRefusal(409, `Could not ${verb} file: the branch was changed meanwhile`);
    case "declined":
      throw new RestRefusal(403, outcome.reason);
    case "protected":
      throw new RestRefusal(409, `Could not ${verb} file: ${outcome.problems.join(" ")}`);
  }
}
