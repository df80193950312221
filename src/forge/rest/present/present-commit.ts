import type { ChangedFile } from "../../git/changed-files.ts";
import type { GitIdentity } from "../../git/git-identity.ts";
import type { Commit } from "../../git/read-commits.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import { accountOfEmail } from "../../hub/git-identity-of.ts";
import type { Hub } from "../../hub/hub.ts";
import { timestamp } from "../../hub/timestamp.ts";
import { nodeId } from "../../hub/node-id.ts";
import { repositoryApiUrl, repositoryWebUrl } from "./api-url.ts";
import { presentAccount } from "./present-account.ts";
import { presentGitIdentity, unsigned } from "./present-git-commit.ts";

/** A commit as lists, comparisons and pull requests show it. */
export function presentCommit(hub: Hub, repository: Repository, commit: Commit) {
  const api = repositoryApiUrl(hub, repository);
  const web = repositoryWebUrl(hub, repository);
  const url = `${api}/commits/${commit.oid}`;
  return {
    sha: commit.oid,
    node_id: commitNodeId(repository, commit.oid),
    commit: {
      author: presentGitIdentity(commit.author),
      committer: presentGitIdentity(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.oid}`,
      comment_count: 0,
      verification: unsigned,
    },
    url,
    html_url: `${web}/commit/${commit.oid}`,
    comments_url: `${url}/comments`,
    author: presentIdentityAccount(hub, commit.author),
    committer: presentIdentityAccount(hub, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${web}/commit/${sha}`,
    })),
  };
}

/** A single commit, with what it changed. */
export function presentFullCommit(
  hub: Hub,
  repository: Repository,
  { commit, files }: { commit: Commit; files: readonly ChangedFile[] },
) {
  const additions = files.reduce((total, file) => total + file.additions, 0);
  const deletions = files.reduce((total, file) => total + file.deletions, 0);
  return {
    ...presentCommit(hub, repository, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: files.map((file) => presentChangedFile(hub, repository, { file, commit: commit.oid })),
  };
}

/** A commit inside check suites and workflow runs. */
export function presentSimpleCommit(commit: Commit) {
  const person = ({ name, email }: GitIdentity) => ({ name, email });
  return {
    id: commit.oid,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: timestamp(commit.committer.at),
    author: person(commit.author),
    committer: person(commit.committer),
  };
}

/** GitHub's "diff entry". @param commit the commit at which the file's links look */
export function presentChangedFile(
  hub: Hub,
  repository: Repository,
  { file, commit }: { file: ChangedFile; commit: string },
) {
  const web = repositoryWebUrl(hub, repository);
  const path = file.path.split("/").map(encodeURIComponent).join("/");
  return {
    sha: file.oid,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${web}/blob/${commit}/${path}`,
    raw_url: `${web}/raw/${commit}/${path}`,
    contents_url: `${repositoryApiUrl(hub, repository)}/contents/${path}?ref=${commit}`,
    ...(file.patch !== undefined && { patch: file.patch }),
    ...(file.previousPath !== undefined && { previous_filename: file.previousPath }),
  };
}

function commitNodeId(repository: Repository, sha: string): string {
  return nodeId("Commit", `${repository.id}:${sha}`);
}

function presentIdentityAccount(hub: Hub, { email }: GitIdentity) {
  const account = accountOfEmail(hub, email);
  return account === null ? null : presentAccount(hub, account);
}
