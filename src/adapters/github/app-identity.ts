import type { ProbotOctokit } from "probot";
import type { AppIdentity } from "../../ports/app-identity.ts";
import { orNull } from "./client/request-failure.ts";
import type { Memo } from "./memo.ts";

/** Who the App is, asked with a client that authenticates as the App itself (`probot.auth()`). */
export async function identifyApp(octokit: ProbotOctokit): Promise<AppIdentity> {
  const { data } = await octokit.rest.apps.getAuthenticated();
  if (data === null || data.slug === undefined) throw new Error("GitHub did not say which App this is.");
  return { id: data.id, slug: data.slug, login: `${data.slug}[bot]` };
}

/**
 * The account's numeric id, null when there is none of that name; Apps themselves may not ask, installations may.
 * An account that was renamed keeps its id, and nobody gets its old name at once.
 */
export async function readUserId(
  octokit: ProbotOctokit,
  login: string,
  known: Memo<number>,
): Promise<number | null> {
  const before = known.get(login);
  if (before !== undefined) return before;
  const answer = await orNull(octokit.rest.users.getByUsername({ username: login }));
  if (answer) known.set(login, answer.data.id);
  return answer?.data.id ?? null;
}
