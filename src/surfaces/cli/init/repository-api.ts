import { Octokit } from "@octokit/rest";
import type { GitHubRemote } from "./github-remote.ts";
import type { WantedFile } from "./file-plan.ts";

/** What `init --pr` asks of GitHub. Whatever GitHub refuses throws an Octokit RequestError. */
export type RepositoryApi = {
  defaultBranch(): Promise<string>;
  /** The commit of a branch; null when there is no such branch. */
  headOf(branch: string): Promise<string | null>;
  /** A file's text at a commit; null when it is absent. */
  readFile(path: string, commit: string): Promise<string | null>;
  commitFiles(parent: string, files: readonly WantedFile[], message: string): Promise<string>;
  createBranch(branch: string, commit: string): Promise<void>;
  moveBranch(branch: string, commit: string): Promise<void>;
  /** Address of the open pull request from a branch; null when there is none. */
  findPull(branch: string): Promise<string | null>;
  openPull(pull: {
    readonly head: string;
    readonly base: string;
    readonly title: string;
    readonly body: string;
  }): Promise<string>;
};

export function createRepositoryApi(remote: GitHubRemote, token: string): RepositoryApi {
  const quiet = (): void => undefined;
  const octokit = new Octokit({
    auth: token,
    baseUrl: remote.apiUrl,
    userAgent: "baton-init",
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  const place = { owner: remote.owner, repo: remote.name };
  return {
    async defaultBranch() {
      return (await octokit.rest.repos.get(place)).data.default_branch;
    },
    async headOf(branch) {
      const answer = await orNull(octokit.rest.git.getRef({ ...place, ref: `heads/${branch}` }));
      return answer?.data.object.sha ?? null;
    },
    async readFile(path, commit) {
      const answer = await orNull(octokit.rest.repos.getContent({ ...place, path, ref: commit }));
      if (answer === null) return null;
      const { data } = answer;
      if (Array.isArray(data) || data.type !== "file" || !("content" in data)) return "";
      return Buffer.from(data.content, "base64").toString("utf8");
    },
    async commitFiles(parent, files, message) {
      const base = await octokit.rest.git.getCommit({ ...place, commit_sha: parent });
      const tree = await octokit.rest.git.createTree({
        ...place,
        base_tree: base.data.tree.sha,
        tree: files.map(({ path, text }) => ({ path, mode: "100644", type: "blob", content: text })),
      });
      const commit = { ...place, message, tree: tree.data.sha, parents: [parent] };
      return (await octokit.rest.git.createCommit(commit)).data.sha;
    },
    async createBranch(branch, commit) {
      await octokit.rest.git.createRef({ ...place, ref: `refs/heads/${branch}`, sha: commit });
    },
    async moveBranch(branch, commit) {
      await octokit.rest.git.updateRef({ ...place, ref: `heads/${branch}`, sha: commit, force: true });
    },
    async findPull(branch) {
      const head = `${remote.owner}:${branch}`;
      const { data } = await octokit.rest.pulls.list({ ...place, head, state: "open", per_page: 1 });
      return data[0]?.html_url ?? null;
    },
    async openPull(pull) {
      return (await octokit.rest.pulls.create({ ...place, ...pull })).data.html_url;
    },
  };
}

/** What GitHub answered when it did not do what was asked, as one sentence; null for any other error. */
export function describeRefusal(cause: unknown): string | null {
  const status = statusOf(cause);
  if (status === null || !(cause instanceof Error)) return null;
  if (status === 401) return "GitHub does not know the token (401).";
  if (status >= 500) return `GitHub could not be asked (${status}); try again later.`;
  return `GitHub refused: ${cause.message.split(" - https://")[0] ?? ""} (${status}).`;
}

async function orNull<Answer>(request: Promise<Answer>): Promise<Answer | null> {
  try {
    return await request;
  } catch (cause) {
    if (statusOf(cause) === 404) return null;
    throw cause;
  }
}

function statusOf(cause: unknown): number | null {
  return cause instanceof Error && "status" in cause && typeof cause.status === "number"
    ? cause.status
    : null;
}
