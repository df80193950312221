import type { Commit } from "../../git/read-commits.ts";
import type { GitIdentity } from "../../git/git-identity.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { timestamp } from "../../hub/timestamp.ts";
import { nodeId } from "../../hub/node-id.ts";
import { repositoryApiUrl, repositoryWebUrl } from "./api-url.ts";

/** A commit as the git data API shows it: what git knows, and no accounts. */
export function presentGitCommit(hub: Hub, repository: Repository, commit: Commit) {
  const gitUrl = `${repositoryApiUrl(hub, repository)}/git`;
  const webUrl = `${repositoryWebUrl(hub, repository)}/commit`;
  return {
    sha: commit.oid,
    node_id: nodeId("Commit", `${repository.id}:${commit.oid}`),
    url: `${gitUrl}/commits/${commit.oid}`,
    html_url: `${webUrl}/${commit.oid}`,
    author: presentGitIdentity(commit.author),
    committer: presentGitIdentity(commit.committer),
    tree: { sha: commit.tree, url: `${gitUrl}/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${gitUrl}/commits/${sha}`,
      html_url: `${webUrl}/${sha}`,
    })),
    verification: unsigned,
  };
}

export function presentGitIdentity({ name, email, at }: GitIdentity) {
  return { name, email, date: timestamp(at) };
}

/** The forge checks no signatures, so it vouches for none. */
export const unsigned = {
  verified: false,
  reason: "unsigned",
  signature: null,
  payload: null,
  verified_at: null,
} as const;
