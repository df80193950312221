import { rm } from "node:fs/promises";

import {
  createClonedRepository,
  createEmptyRepository,
  createSeededRepository,
} from "../../git/create-bare-repository.ts";
import { personAsActor } from "../caller.ts";
import type { Account } from "../entity/account.ts";
import type { RepositoryRole } from "../entity/permission.ts";
import type { Repository } from "../entity/repository.ts";
import { findRepository } from "../find-repository.ts";
import type { Hub } from "../hub.ts";

export interface NewRepository {
  owner: Account;
  name: string;
  description?: string;
  private?: boolean;
  /** `main` unless it is cloned, when the source decides. */
  defaultBranch?: string;
  /** A directory whose files become the first commit. */
  seedFrom?: string;
  /** A path or URL of a git repository whose branches and tags are copied. */
  cloneFrom?: string;
  /** The author of the seed commit; the owner by default. */
  by?: Account;
}

const namePattern = /^[\w.-]{1,100}$/;

export async function createRepository(hub: Hub, request: NewRepository): Promise<Repository> {
  const { owner, name } = request;
  if (!namePattern.test(name)) throw new Error(`'${name}' is not a valid repository name`);
  if (findRepository(hub, owner.login, name) !== undefined) {
    throw new Error(`${owner.login}/${name} exists already`);
  }
  const repository = hub.change(() => insertRepository(hub, request));
  try {
    const defaultBranch = await createStorage(hub, repository, request);
    return hub.change(() => {
      const created = hub.store.repositories.update(repository.id, { defaultBranch });
      announce(hub, created, request.by ?? owner);
      return created;
    });
  } catch (error) {
    hub.change(() => {
      for (const label of hub.store.labels.find({ repositoryId: repository.id })) {
        hub.store.labels.delete(label.id);
      }
      hub.store.repositories.delete(repository.id);
    });
    await rm(hub.gitDirectory(repository.id), { recursive: true, force: true });
    throw new Error(`The repository ${owner.login}/${name} could not be created`, { cause: error });
  }
}

function insertRepository(hub: Hub, request: NewRepository): Repository {
  const now = hub.now();
  const repository = hub.store.repositories.insert({
    ownerId: request.owner.id,
    name: request.name,
    description: request.description ?? null,
    homepage: null,
    private: request.private ?? false,
    defaultBranch: request.defaultBranch ?? "main",
    archived: false,
    parentId: null,
    hasIssues: true,
    allowMergeCommit: true,
    allowSquashMerge: true,
    allowRebaseMerge: true,
    allowAutoMerge: false,
    deleteBranchOnMerge: false,
    lastNumber: 0,
    pushedAt: now,
    createdAt: now,
    updatedAt: now,
  });
  for (const [name, color, description] of defaultLabels) {
    hub.store.labels.insert({ repositoryId: repository.id, name, color, description, default: true });
  }
  return repository;
}

/** What GitHub gives every new repository. */
const defaultLabels = [
  ["bug", "d73a4a", "Something isn't working"],
  ["documentation", "0075ca", "Improvements or additions to documentation"],
  ["duplicate", "cfd3d7", "This issue or pull request already exists"],
  ["enhancement", "a2eeef", "New feature or request"],
  ["good first issue", "7057ff", "Good for newcomers"],
  ["help wanted", "008672", "Extra attention is needed"],
  ["invalid", "e4e669", "This doesn't seem right"],
  ["question", "d876e3", "Further information is requested"],
  ["wontfix", "ffffff", "This will not be worked on"],
] as const;

/** @returns the default branch. */
async function createStorage(hub: Hub, repository: Repository, request: NewRepository): Promise<string> {
  const gitDirectory = hub.gitDirectory(repository.id);
  if (request.cloneFrom !== undefined) return createClonedRepository(gitDirectory, request.cloneFrom);
  const { defaultBranch } = repository;
  if (request.seedFrom === undefined) {
    await createEmptyRepository(gitDirectory, defaultBranch);
    return defaultBranch;
  }
  const author = request.by ?? request.owner;
  await createSeededRepository(gitDirectory, request.seedFrom, {
    defaultBranch,
    message: "Initial commit",
    author: {
      name: author.name ?? author.login,
      email: author.email ?? `${author.id}+${author.login}@users.noreply.github.com`,
      at: hub.date(),
    },
  });
  return defaultBranch;
}

function announce(hub: Hub, repository: Repository, by: Account): void {
  const actor = personAsActor(by);
  for (const installation of hub.store.installations.find({ accountId: repository.ownerId })) {
    if (installation.repositorySelection !== "all") continue;
    hub.emit({
      name: "installation_repositories",
      action: "added",
      repositoryId: null,
      actor,
      installationId: installation.id,
      repositoryIds: [repository.id],
    });
  }
  hub.emit({ name: "repository", action: "created", repositoryId: repository.id, actor });
}

export function addCollaborator(
  hub: Hub,
  { repository, user, role }: { repository: Repository; user: Account; role: RepositoryRole },
): void {
  hub.change(() => {
    const existing = hub.store.collaborators.findOne({ repositoryId: repository.id, userId: user.id });
    if (existing === undefined) {
      hub.store.collaborators.insert({ repositoryId: repository.id, userId: user.id, role });
    } else {
      hub.store.collaborators.update(existing.id, { role });
    }
  });
}

export function removeCollaborator(
  hub: Hub,
  { repository, user }: { repository: Repository; user: Account },
): void {
  hub.change(() => {
    const existing = hub.store.collaborators.findOne({ repositoryId: repository.id, userId: user.id });
    if (existing !== undefined) hub.store.collaborators.delete(existing.id);
  });
}
