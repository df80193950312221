import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { Account, App, Installation, ManifestConversion } from "./entity/account.ts";
import type { RepositoryRole } from "./entity/permission.ts";
import type { BranchProtection, Repository } from "./entity/repository.ts";
import { EventBus } from "./event-bus.ts";
import type { HubEvent } from "./hub-event.ts";
import { ensureActionsApp } from "./setup/built-in-accounts.ts";
import { addMember, createOrganization, createUser, type NewAccount } from "./setup/create-account.ts";
import { createApp, createAppFromManifest, type CreatedApp, type NewApp } from "./setup/create-app.ts";
import {
  addCollaborator,
  createRepository,
  removeCollaborator,
  type NewRepository,
} from "./setup/create-repository.ts";
import {
  createJobToken,
  createPersonalToken,
  type IssuedToken,
  type NewJobToken,
  type NewPersonalToken,
} from "./setup/create-token.ts";
import { installApp, type NewInstallation } from "./setup/install-app.ts";
import { setBranchProtection, type BranchRules } from "./setup/set-branch-protection.ts";
import { Store } from "./store.ts";
import { timestamp } from "./timestamp.ts";

export interface HubOptions {
  /** Holds `forge.sqlite`, the bare repositories, logs and artifacts; created when missing. */
  directory: string;
  now?: () => Date;
}

/** The forge's state and what happens to it. Everything that changes it goes through `change`. */
export class Hub {
  readonly directory: string;
  readonly store: Store;
  readonly events = new EventBus();
  /** Address of the web pages without a trailing slash; known once the server listens. */
  url = "http://127.0.0.1";
  /** The built-in App that workflow jobs act as. */
  readonly actionsApp: App;
  readonly #now: () => Date;
  #pending: HubEvent[] = [];

  constructor(options: HubOptions) {
    this.directory = options.directory;
    this.#now = options.now ?? (() => new Date());
    mkdirSync(this.gitRoot, { recursive: true });
    this.store = openStore(options.directory);
    this.actionsApp = ensureActionsApp(this);
  }

  get gitRoot(): string {
    return join(this.directory, "repositories");
  }

  gitDirectory(repositoryId: number): string {
    return join(this.gitRoot, `${repositoryId}.git`);
  }

  date(): Date {
    return this.#now();
  }

  now(): string {
    return timestamp(this.#now());
  }

  /**
   * Runs `work` in one transaction. Events emitted in it are published to `recorded` listeners at once and to
   * `committed` listeners after the commit; when `work` throws, neither the writes nor the events remain.
   */
  change<T>(work: () => T): T {
    if (this.store.inTransaction) return work();
    this.#pending = [];
    const result = this.store.transaction(work);
    const committed = this.#pending;
    this.#pending = [];
    for (const event of committed) this.events.publishCommitted(event);
    return result;
  }

  emit(event: HubEvent): void {
    this.change(() => {
      this.#pending.push(event);
      this.events.publishRecorded(event);
    });
  }

  // Setting up what GitHub's users set up by hand: for tests, the demo and a local forge.

  createUser(user: NewAccount): Account {
    return createUser(this, user);
  }

  createOrganization(organization: NewAccount): Account {
    return createOrganization(this, organization);
  }

  addMember(organization: Account, user: Account, role: "admin" | "member" = "member"): void {
    addMember(this, { organization, user, role });
  }

  createToken(request: NewPersonalToken): IssuedToken {
    return createPersonalToken(this, request);
  }

  createJobToken(request: NewJobToken): IssuedToken {
    return createJobToken(this, request);
  }

  createRepository(request: NewRepository): Promise<Repository> {
    return createRepository(this, request);
  }

  addCollaborator(repository: Repository, user: Account, role: RepositoryRole): void {
    addCollaborator(this, { repository, user, role });
  }

  removeCollaborator(repository: Repository, user: Account): void {
    removeCollaborator(this, { repository, user });
  }

  setBranchProtection(repository: Repository, branch: string, rules: Partial<BranchRules>): BranchProtection {
    return setBranchProtection(this, { repository, branch, rules });
  }

  createApp(request: NewApp): CreatedApp {
    return createApp(this, request);
  }

  createAppFromManifest(request: NewApp): ManifestConversion {
    return createAppFromManifest(this, request);
  }

  installApp(request: NewInstallation): Installation {
    return installApp(this, request);
  }

  close(): void {
    this.store.close();
  }
}

function openStore(directory: string): Store {
  try {
    return new Store(join(directory, "forge.sqlite"));
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes("locked")) throw error;
    throw new Error(`Another forge is using ${directory}`, { cause: error });
  }
}
