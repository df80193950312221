import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Octokit } from "@octokit/rest";

import type { Account, App, Installation } from "../../../src/forge/hub/entity/account.ts";
import type { PermissionSet } from "../../../src/forge/hub/entity/permission.ts";
import type { Repository } from "../../../src/forge/hub/entity/repository.ts";
import type { HubEvent } from "../../../src/forge/hub/hub-event.ts";
import { startForge, type Forge } from "../../../src/forge/start-forge.ts";
import { createInstallationToken } from "../../../src/forge/hub/setup/create-token.ts";
import { createGithubWitness, type GithubWitness } from "../../support/github-schema/github-witness.ts";
import { cloneWithGit, type GitClient } from "./git/git-client.ts";

/**
 * A forge with an organisation's worth of people in it, a repository with one commit, and an App that may do
 * everything but change workflows. All that passes is checked against GitHub's descriptions.
 */
export interface ForgeWorld {
  forge: Forge;
  witness: GithubWitness;
  /** Everything that happened, in order, as `name` or `name.action`. */
  events: HubEvent[];
  owner: Account;
  /** May write. */
  writer: Account;
  /** May read, as anyone. */
  reader: Account;
  app: App;
  installation: Installation;
  repository: Repository;
  /** Repository parameters of every Octokit call. */
  at: { owner: string; repo: string };
  as(account: Account): Octokit;
  asApp(permissions?: PermissionSet): Octokit;
  tokenOf(account: Account): string;
  appToken(permissions?: PermissionSet): string;
  /** A clone that pushes with the token. */
  clone(token: string, name?: string): Promise<GitClient>;
  /** A client without a token sees what a stranger sees. */
  octokit(auth?: string): Octokit;
  eventNames(): string[];
  /** Stops and starts the forge on the same directory; open clients keep their addresses only by chance. */
  close(): Promise<void>;
}

const appPermissions: PermissionSet = {
  actions: "write",
  administration: "write",
  checks: "write",
  contents: "write",
  issues: "write",
  metadata: "read",
  pull_requests: "write",
  statuses: "write",
};

const appEvents = [
  "check_run",
  "check_suite",
  "create",
  "delete",
  "issues",
  "pull_request",
  "pull_request_review",
  "push",
  "status",
];

export async function createForgeWorld(): Promise<ForgeWorld> {
  const dir = await mkdtemp(join(tmpdir(), "forge-world-"));
  const witness = createGithubWitness();
  const forge = await startForge({ dir, onExchange: witness.onExchange, onDelivery: witness.onDelivery });
  const { hub } = forge;
  const events: HubEvent[] = [];
  hub.events.onCommitted((event) => events.push(event));
  const owner = hub.createUser({ login: "octo", name: "Octavia", email: "octo@example.com" });
  const writer = hub.createUser({ login: "ada", name: "Ada", email: "ada@example.com" });
  const reader = hub.createUser({ login: "rita" });
  const repository = await hub.createRepository({
    owner,
    name: "app",
    seedFrom: join(import.meta.dirname, "seed-repository"),
  });
  hub.addCollaborator(repository, writer, "write");
  const { app } = hub.createApp({
    name: "helper",
    owner,
    permissions: appPermissions,
    events: appEvents,
    // Nothing listens there; the payloads are checked as they are sent.
    webhookUrl: "http://127.0.0.1:9/webhook",
  });
  const installation = hub.installApp({ app, account: owner });
  const clients: GitClient[] = [];

  const tokenOf = (account: Account) => hub.createToken({ user: account }).token;
  const appToken = (permissions = appPermissions) =>
    createInstallationToken(hub, { installation, permissions, repositoryIds: null }).token;
  const octokit = (auth?: string) =>
    new Octokit({
      baseUrl: `${forge.url}/api/v3`,
      ...(auth !== undefined && { auth }),
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    });
  return {
    forge,
    witness,
    events,
    owner,
    writer,
    reader,
    app,
    installation,
    repository,
    at: { owner: owner.login, repo: repository.name },
    tokenOf,
    appToken,
    octokit,
    as: (account) => octokit(tokenOf(account)),
    asApp: (permissions) => octokit(appToken(permissions)),
    clone: async (token, name = `${owner.login}/${repository.name}`) => {
      const client = await cloneWithGit(
        `${forge.url.replace("://", `://x-access-token:${token}@`)}/${name}.git`,
      );
      clients.push(client);
      return client;
    },
    eventNames: () => events.map(eventName),
    close: async () => {
      for (const client of clients) await client.remove();
      await forge.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function eventName(event: HubEvent): string {
  return event.action === null ? event.name : `${event.name}.${event.action}`;
}

function ignore(): void {
  // Octokit logs every refused request, and tests provoke many.
}

/** The status and message with which GitHub's client sees a request refused. */
export async function refusal(request: Promise<unknown>): Promise<{ status: number; message: string }> {
  try {
    await request;
  } catch (error) {
    const { status, response } = error as { status: number; response?: { data?: { message?: string } } };
    return { status, message: response?.data?.message ?? String(error) };
  }
  throw new Error("The request was expected to be refused");
}
