import type { StepExecution } from "../job-state.ts";
import { StepFailure } from "../log-failure.ts";
import { gitText } from "./git-command.ts";

export interface CheckoutTarget {
  refspecs: string[];
  /** Arguments of `git checkout`. */
  checkout: string[];
}

export interface CheckoutRequest {
  directory: string;
  repository: string;
  /** As given by the step; empty for the commit of the run, or the default branch of another repository. */
  ref: string;
}

const commitId = /^[0-9a-f]{40}$/;

/** What is fetched and checked out, by the rules of actions/checkout (its `ref-helper`). */
export async function checkoutTarget(
  execution: StepExecution,
  request: CheckoutRequest,
): Promise<CheckoutTarget> {
  const github = execution.state.assignment.contexts.github;
  if (commitId.test(request.ref)) return commitTarget(request.ref);
  if (request.ref !== "") return refTarget(execution, request.directory, request.ref);
  const isOwn = request.repository.toLowerCase() === String(github["repository"]).toLowerCase();
  if (isOwn) return runTarget(String(github["ref"]), String(github["sha"]));
  return refTarget(execution, request.directory, await defaultBranch(execution, request.directory));
}

function commitTarget(commit: string): CheckoutTarget {
  return { refspecs: [commit], checkout: ["--detach", commit] };
}

/** The run's own commit, even where its branch has moved on. */
function runTarget(ref: string, sha: string): CheckoutTarget {
  const branch = withoutPrefix(ref, "refs/heads/");
  if (branch !== null) {
    const remote = `refs/remotes/origin/${branch}`;
    return { refspecs: [`+${sha}:${remote}`], checkout: ["-B", branch, remote] };
  }
  const pull = withoutPrefix(ref, "refs/pull/");
  if (pull !== null) {
    const remote = `refs/remotes/pull/${pull}`;
    return { refspecs: [`+${sha}:${remote}`], checkout: ["--detach", remote] };
  }
  if (ref.startsWith("refs/tags/")) {
    return { refspecs: [`+${sha}:${ref}`], checkout: ["--detach", ref] };
  }
  return commitTarget(sha);
}

async function refTarget(execution: StepExecution, directory: string, ref: string): Promise<CheckoutTarget> {
  const branch = withoutPrefix(ref, "refs/heads/");
  if (branch !== null) {
    const remote = `refs/remotes/origin/${branch}`;
    return { refspecs: [`+${ref}:${remote}`], checkout: ["-B", branch, remote] };
  }
  if (ref.startsWith("refs/")) {
    const local = ref.replace(/^refs\/pull\//, "refs/remotes/pull/");
    return { refspecs: [`+${ref}:${local}`], checkout: ["--detach", local] };
  }
  const listed = await gitText(execution, directory, [
    "ls-remote",
    "origin",
    `refs/heads/${ref}`,
    `refs/tags/${ref}`,
  ]);
  const found = listed.split("\n").map((line) => line.split("\t")[1]);
  const full = [`refs/heads/${ref}`, `refs/tags/${ref}`].find((name) => found.includes(name));
  if (full !== undefined) return refTarget(execution, directory, full);
  throw new StepFailure(`A branch or tag with the name '${ref}' could not be found`);
}

async function defaultBranch(execution: StepExecution, directory: string): Promise<string> {
  const listed = await gitText(execution, directory, ["ls-remote", "--symref", "origin", "HEAD"]);
  const branch = /^ref: (\S+)\s+HEAD/m.exec(listed)?.[1];
  if (branch === undefined) throw new StepFailure("The repository has no default branch to check out");
  return branch;
}

function withoutPrefix(ref: string, prefix: string): string | null {
  return ref.startsWith(prefix) ? ref.slice(prefix.length) : null;
}
