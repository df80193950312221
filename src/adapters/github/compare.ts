import type { ProbotOctokit } from "probot";
import type { Repository } from "../../core/task/state.ts";
import { answered, orNull } from "./client/request-failure.ts";
import { coordinates } from "./coordinates.ts";

/** GitHub's comparison names no more files than this, without a word about the others. */
const MAX_COMPARED_FILES = 300;

type Range = { readonly base: string; readonly head: string };

/**
 * Paths that differ between where head left base and head, sorted; both paths of a renamed file. Scope rules stand on
 * this list, so it is whole or it throws.
 */
export async function readChangedFiles(
  octokit: ProbotOctokit,
  repository: Repository,
  { base, head }: Range,
): Promise<readonly string[]> {
  const data = await compare(octokit, repository, { base, head });
  // A force-push can leave a head without a common ancestor, which GitHub does not compare: then what differs counts.
  if (data === null) return await readChangedTree(octokit, repository, { base, head });
  const files = data.files ?? [];
  if (files.length >= MAX_COMPARED_FILES) {
    return await readChangedTree(octokit, repository, { base: data.merge_base_commit.sha, head });
  }
  const paths = files.flatMap(({ filename, previous_filename: before }) =>
    before === undefined ? [filename] : [filename, before],
  );
  return [...new Set(paths)].sort();
}

async function compare(octokit: ProbotOctokit, repository: Repository, { base, head }: Range) {
  const answer = await orNull(
    octokit.rest.repos.compareCommitsWithBasehead({
      ...coordinates(repository),
      basehead: `${base}...${head}`,
    }),
  );
  return answer?.data ?? null;
}

async function readChangedTree(
  octokit: ProbotOctokit,
  repository: Repository,
  { base, head }: Range,
): Promise<readonly string[]> {
  const [before, after] = await Promise.all([
    readTree(octokit, repository, base),
    readTree(octokit, repository, head),
  ]);
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort();
}

/** Mode and object of every file by its path. */
async function readTree(
  octokit: ProbotOctokit,
  repository: Repository,
  commit: string,
): Promise<ReadonlyMap<string, string>> {
  const { data } = await octokit.rest.git.getTree({
    ...coordinates(repository),
    tree_sha: commit,
    recursive: "true",
  });
  if (data.truncated) {
    throw new Error(
      `The tree of ${repository.owner}/${repository.name} at ${commit} is too large for GitHub to list.`,
    );
  }
  const files = data.tree.filter((entry) => entry.type !== "tree");
  return new Map(files.map(({ path, mode, sha }) => [path, `${mode} ${sha}`]));
}

/** The unified diff between where head left base and head; one sentence where GitHub cannot give it. */
export async function readDiff(
  octokit: ProbotOctokit,
  repository: Repository,
  { base, head }: Range,
): Promise<string> {
  try {
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({
      ...coordinates(repository),
      basehead: `${base}...${head}`,
      mediaType: { format: "diff" },
    });
    // The media type makes it text; Octokit's types know the JSON answer only.
    return data as unknown as string;
  } catch (error) {
    if (answered(error, 406, 422)) return "The diff is too large for GitHub to show.";
    if (answered(error, 404)) return "The commits have no common ancestor, so GitHub shows no diff.";
    throw error;
  }
}
