import type { Account } from "../entity/account.ts";
import type { Repository } from "../entity/repository.ts";
import type { Hub } from "../hub.ts";
import { createRepository } from "../setup/create-repository.ts";

export interface NewFork {
  parent: Repository;
  owner: Account;
  /** The parent's, unless it is given. */
  name?: string;
}

/** Copies a repository's branches and tags into one of another account, from where pull requests can come back. */
export async function forkRepository(hub: Hub, { parent, owner, name }: NewFork): Promise<Repository> {
  const fork = await createRepository(hub, {
    owner,
    name: name ?? parent.name,
    private: parent.private,
    cloneFrom: hub.gitDirectory(parent.id),
    ...(parent.description !== null && { description: parent.description }),
  });
  return hub.change(() => hub.store.repositories.update(fork.id, { parentId: parent.id }));
}
