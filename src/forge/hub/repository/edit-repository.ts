import type { Repository } from "../entity/repository.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";

export interface RepositoryEdit {
  repository: Repository;
  actor: Actor;
  edit: Partial<Omit<Repository, "id" | "ownerId" | "lastNumber">>;
}

/**
 * Changes settings and reports those that GitHub reports. A new default branch must exist; git's own HEAD is
 * moved by the caller.
 */
export function editRepository(hub: Hub, { repository, actor, edit }: RepositoryEdit): Repository {
  return hub.change(() => {
    const edited = hub.store.repositories.update(repository.id, { ...edit, updatedAt: hub.now() });
    const shared = { name: "repository", repositoryId: repository.id, actor } as const;
    const changes = editedFields(repository, edited);
    if (Object.keys(changes).length > 0) hub.emit({ ...shared, action: "edited", changes });
    if (edited.name !== repository.name) {
      const renamed = { repository: { name: { from: repository.name } } };
      hub.emit({ ...shared, action: "renamed", changes: renamed });
    }
    if (edited.archived !== repository.archived) {
      hub.emit({ ...shared, action: edited.archived ? "archived" : "unarchived" });
    }
    return edited;
  });
}

function editedFields(before: Repository, after: Repository): Record<string, { from: string | null }> {
  return {
    ...(before.defaultBranch !== after.defaultBranch && { default_branch: { from: before.defaultBranch } }),
    ...(before.description !== after.description && { description: { from: before.description } }),
    ...(before.homepage !== after.homepage && { homepage: { from: before.homepage } }),
  };
}
