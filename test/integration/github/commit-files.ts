import type { Octokit } from "@octokit/rest";

type Site = { readonly owner: string; readonly repo: string };

/**
 * Commits files on top of a branch, or on a new branch from another one, and gives the commit's SHA. null as content
 * removes the file.
 */
export async function commitFiles(
  octokit: Octokit,
  site: Site,
  wanted: {
    readonly branch: string;
    readonly from?: string;
    readonly files: Readonly<Record<string, string | null>>;
    readonly message?: string;
  },
): Promise<string> {
  const { branch, from = branch, files, message = "Change files" } = wanted;
  const { data: ref } = await octokit.rest.git.getRef({ ...site, ref: `heads/${from}` });
  const parent = ref.object.sha;
  const { data: tree } = await octokit.rest.git.createTree({
    ...site,
    base_tree: parent,
    tree: Object.entries(files).map(([path, content]) =>
      content === null
        ? { path, mode: "100644" as const, type: "blob" as const, sha: null }
        : { path, mode: "100644" as const, type: "blob" as const, content },
    ),
  });
  const { data: commit } = await octokit.rest.git.createCommit({
    ...site,
    message,
    tree: tree.sha,
    parents: [parent],
  });
  if (from === branch) await octokit.rest.git.updateRef({ ...site, ref: `heads/${branch}`, sha: commit.sha });
  else await octokit.rest.git.createRef({ ...site, ref: `refs/heads/${branch}`, sha: commit.sha });
  return commit.sha;
}
