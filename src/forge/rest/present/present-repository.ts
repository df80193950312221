import type { RepositoryRole } from "../../hub/entity/permission.ts";
import { roleIncludes } from "../../hub/entity/permission.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { nodeId } from "../../hub/node-id.ts";
import { repositoryApiUrl, repositoryWebUrl } from "./api-url.ts";
import { presentAccountById } from "./present-account.ts";

/** The repository as lists, webhooks and other objects hold it. */
export function presentRepository(hub: Hub, repository: Repository) {
  const openIssues = hub.store.issues.count({ repositoryId: repository.id, state: "open" });
  return {
    ...identity(hub, repository),
    ...links(hub, repository),
    ...features(repository),
    homepage: repository.homepage,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    forks_count: 0,
    mirror_url: null,
    license: null,
    topics: [],
    visibility: repository.private ? "private" : "public",
    forks: 0,
    open_issues_count: openIssues,
    open_issues: openIssues,
    watchers: 0,
    default_branch: repository.defaultBranch,
    created_at: repository.createdAt,
    updated_at: repository.updatedAt,
    pushed_at: repository.pushedAt,
  };
}

function identity(hub: Hub, repository: Repository) {
  const webUrl = repositoryWebUrl(hub, repository);
  const owner = presentAccountById(hub, repository.ownerId);
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: `${owner.login}/${repository.name}`,
    private: repository.private,
    owner,
    html_url: webUrl,
    description: repository.description,
    fork: repository.parentId !== null,
    url: repositoryApiUrl(hub, repository),
    git_url: `${webUrl.replace(/^http/, "git")}.git`,
    ssh_url: `git@${new URL(webUrl).hostname}:${owner.login}/${repository.name}.git`,
    clone_url: `${webUrl}.git`,
    svn_url: webUrl,
  };
}

function features(repository: Repository) {
  return {
    has_issues: repository.hasIssues,
    has_projects: false,
    has_downloads: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    archived: repository.archived,
    disabled: false,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
  };
}

function links(hub: Hub, repository: Repository) {
  const url = repositoryApiUrl(hub, repository);
  return {
    forks_url: `${url}/forks`,
    keys_url: `${url}/keys{/key_id}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    teams_url: `${url}/teams`,
    hooks_url: `${url}/hooks`,
    issue_events_url: `${url}/issues/events{/number}`,
    events_url: `${url}/events`,
    assignees_url: `${url}/assignees{/user}`,
    branches_url: `${url}/branches{/branch}`,
    tags_url: `${url}/tags`,
    blobs_url: `${url}/git/blobs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    trees_url: `${url}/git/trees{/sha}`,
    statuses_url: `${url}/statuses/{sha}`,
    languages_url: `${url}/languages`,
    stargazers_url: `${url}/stargazers`,
    contributors_url: `${url}/contributors`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    commits_url: `${url}/commits{/sha}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    comments_url: `${url}/comments{/number}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    contents_url: `${url}/contents/{+path}`,
    compare_url: `${url}/compare/{base}...{head}`,
    merges_url: `${url}/merges`,
    archive_url: `${url}/{archive_format}{/ref}`,
    downloads_url: `${url}/downloads`,
    issues_url: `${url}/issues{/number}`,
    pulls_url: `${url}/pulls{/number}`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    labels_url: `${url}/labels{/name}`,
    releases_url: `${url}/releases{/id}`,
    deployments_url: `${url}/deployments`,
  };
}

/** What `GET /repos/{owner}/{repo}` adds: merge settings, and what the caller may do. */
export function presentFullRepository(hub: Hub, repository: Repository, role: RepositoryRole | null) {
  const owner = hub.store.accounts.require(repository.ownerId);
  return {
    ...presentRepository(hub, repository),
    ...(role !== null && { permissions: presentRole(role) }),
    ...(owner.type === "Organization" && { organization: presentAccountById(hub, owner.id) }),
    allow_squash_merge: repository.allowSquashMerge,
    allow_merge_commit: repository.allowMergeCommit,
    allow_rebase_merge: repository.allowRebaseMerge,
    allow_auto_merge: repository.allowAutoMerge,
    delete_branch_on_merge: repository.deleteBranchOnMerge,
    allow_update_branch: false,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_message: "COMMIT_MESSAGES",
    squash_merge_commit_title: "COMMIT_OR_PR_TITLE",
    merge_commit_message: "PR_TITLE",
    merge_commit_title: "MERGE_MESSAGE",
    network_count: 0,
    subscribers_count: 0,
  };
}

export function presentRole(role: RepositoryRole) {
  return {
    admin: roleIncludes(role, "admin"),
    maintain: roleIncludes(role, "maintain"),
    push: roleIncludes(role, "write"),
    triage: roleIncludes(role, "triage"),
    pull: roleIncludes(role, "read"),
  };
}
