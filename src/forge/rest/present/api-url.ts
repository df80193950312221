import { fullName } from "../../hub/find-repository.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";

/** `https://api.github.com` in GitHub's own answers. */
export function apiUrl(hub: Hub): string {
  return `${hub.url}/api/v3`;
}

export function repositoryApiUrl(hub: Hub, repository: Repository): string {
  return `${apiUrl(hub)}/repos/${fullName(hub, repository)}`;
}

/** The repository's page for people. */
export function repositoryWebUrl(hub: Hub, repository: Repository): string {
  return `${hub.url}/${fullName(hub, repository)}`;
}
