import { CONFIG_PATH } from "../contract/repository-config/config-problem.ts";
import type { Repository } from "../core/task/state.ts";
import { policyCheck } from "../core/view/policy-check.ts";
import type { GitHub } from "../ports/github.ts";
import type { AppContext } from "./context.ts";
import { readPolicy } from "./read-policy.ts";

/**
 * Shows on a commit whether its policy file is valid. The file of a pull request is read as data only: it governs
 * nothing until it is on the base branch.
 * @param at.base the branch to compare with, so that commits that do not touch the policy get no check; null: always.
 */
export async function showPolicyCheck(
  context: AppContext,
  github: GitHub,
  repository: Repository,
  at: { readonly sha: string; readonly base: string | null },
): Promise<string> {
  if (at.base !== null) {
    const changed = await github.changedFiles(repository, at.base, at.sha);
    if (!changed.includes(CONFIG_PATH)) return "The pull request does not change the policy.";
  }
  const read = await readPolicy(github, repository, at.sha);
  await github.ensureChecks(repository, at.sha, [policyCheck(read)]);
  context.log.info({ repository: repository.id, sha: at.sha, policy: read.kind }, "Checked a policy");
  return `The policy of the commit is ${read.kind}.`;
}
