import type { ProbotOctokit } from "probot";
import type { TenantId } from "../../base/ids.ts";
import type { GitHub, GitHubOf } from "../../ports/github.ts";
import { createGitHub, type GitHubOptions } from "./create-github.ts";

/** One `GitHub` for each installation, made when it is first asked for. */
export function createGitHubOf(
  probot: { readonly auth: (installationId: number) => Promise<ProbotOctokit> },
  options: Omit<GitHubOptions, "installationId">,
): GitHubOf {
  const made = new Map<TenantId, Promise<GitHub>>();

  async function make(tenant: TenantId): Promise<GitHub> {
    return createGitHub(await probot.auth(tenant), { ...options, installationId: tenant });
  }

  return (tenant) => {
    const known = made.get(tenant);
    if (known !== undefined) return known;
    const making = make(tenant).catch((error: unknown) => {
      made.delete(tenant);
      throw error;
    });
    made.set(tenant, making);
    return making;
  };
}
