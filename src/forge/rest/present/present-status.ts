import type { CommitStatus } from "../../hub/entity/check.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { nodeId } from "../../hub/node-id.ts";
import { repositoryApiUrl } from "./api-url.ts";
import { presentAccountById } from "./present-account.ts";

export function presentStatus(hub: Hub, status: CommitStatus) {
  return { ...presentSimpleStatus(hub, status), creator: presentAccountById(hub, status.creatorId) };
}

/** A status inside the combined status of a commit, which does not say whose it is. */
export function presentSimpleStatus(hub: Hub, status: CommitStatus) {
  const repository = hub.store.repositories.require(status.repositoryId);
  return {
    url: `${repositoryApiUrl(hub, repository)}/statuses/${status.sha}`,
    avatar_url: `${hub.url}/avatars/${status.creatorId}`,
    id: status.id,
    node_id: nodeId("StatusContext", status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.updatedAt,
  };
}

/** A branch in lists and in the payload of a status. */
export function presentShortBranch(
  hub: Hub,
  repository: Repository,
  { name, oid }: { name: string; oid: string },
) {
  const protection = hub.store.branchProtections.findOne({ repositoryId: repository.id, branch: name });
  return {
    name,
    commit: { sha: oid, url: `${repositoryApiUrl(hub, repository)}/commits/${oid}` },
    protected: protection !== undefined,
  };
}
