import type { ForgeContext } from "../../forge-context.ts";
import { readCommit } from "../../git/read-commits.ts";
import { listRefs, readRef } from "../../git/read-refs.ts";
import { branchOfRef, isRefName } from "../../git/ref-name.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { findProtection } from "../../hub/repository/find-protection.ts";
import { paginate } from "../paginate.ts";
import { repositoryApiUrl, repositoryWebUrl } from "../present/api-url.ts";
import { presentCommit } from "../present/present-commit.ts";
import { presentBranchProtectionSummary } from "../present/present-protection.ts";
import { presentShortBranch } from "../present/present-status.ts";
import { requireRepository } from "../require-access.ts";
import { RestRefusal } from "../rest-refusal.ts";
import { readCode } from "./code-access.ts";

export function registerBranchesResource({ rest, hub }: ForgeContext): void {
  rest.get("/repos/:owner/:repo/branches", async (c) => {
    const repository = requireRepository(c, hub, readCode);
    const refs = await listRefs(hub.gitDirectory(repository.id), "refs/heads/");
    const branches = refs
      .map(({ ref, oid }) => ({ name: branchOfRef(ref) ?? ref, oid }))
      .map((branch) => ({
        ...presentShortBranch(hub, repository, branch),
        protection: presentBranchProtectionSummary(findProtection(hub, repository.id, branch.name)),
        protection_url: protectionUrl(hub, repository, branch.name),
      }));
    const wanted = c.req.query("protected");
    const listed =
      wanted === undefined ? branches : branches.filter((each) => String(each.protected) === wanted);
    return c.json(paginate(c, hub, listed));
  });

  // Branch names hold slashes, so the addresses of protection, which lie below, are registered before this one.
  rest.get("/repos/:owner/:repo/branches/:branch{.+}", async (c) => {
    const repository = requireRepository(c, hub, readCode);
    const name = c.req.param("branch");
    const oid = await requireBranch(hub, repository, name);
    const commit = await readCommit(hub.gitDirectory(repository.id), oid);
    if (commit === undefined) throw new Error(`The tip ${oid} of ${name} is missing`);
    const protection = findProtection(hub, repository.id, name);
    return c.json({
      name,
      commit: presentCommit(hub, repository, commit),
      _links: {
        self: `${repositoryApiUrl(hub, repository)}/branches/${name}`,
        html: `${repositoryWebUrl(hub, repository)}/tree/${name}`,
      },
      protected: protection !== undefined,
      protection: presentBranchProtectionSummary(protection),
      protection_url: protectionUrl(hub, repository, name),
    });
  });
}

/** @returns the commit that the branch holds. */
export async function requireBranch(hub: Hub, repository: Repository, name: string): Promise<string> {
  const ref = `refs/heads/${name}`;
  const oid = isRefName(ref) ? await readRef(hub.gitDirectory(repository.id), ref) : undefined;
  if (oid === undefined) throw new RestRefusal(404, "Branch not found");
  return oid;
}

function protectionUrl(hub: Hub, repository: Repository, name: string): string {
  return `${repositoryApiUrl(hub, repository)}/branches/${name}/protection`;
}
