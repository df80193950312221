import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Octokit } from "@octokit/rest";
import { Probot, type ProbotOctokit } from "probot";
import { expect, onTestFinished } from "vitest";
import { parse } from "yaml";
import type { TenantId } from "../../../src/base/ids.ts";
import type { Repository } from "../../../src/core/task/state.ts";
import { identifyApp } from "../../../src/adapters/github/app-identity.ts";
import {
  createRequestCounter,
  type RequestCounter,
} from "../../../src/adapters/github/client/request-counter.ts";
import { rateAwareOctokit } from "../../../src/adapters/github/client/rate-aware-octokit.ts";
import { createGitHubOf } from "../../../src/adapters/github/github-of.ts";
import { systemClock } from "../../../src/adapters/system/system-clock.ts";
import type { Account } from "../../../src/forge/hub/entity/account.ts";
import type { PermissionSet } from "../../../src/forge/hub/entity/permission.ts";
import type { Repository as ForgeRepository } from "../../../src/forge/hub/entity/repository.ts";
import { startForge, type Exchange, type Forge } from "../../../src/forge/start-forge.ts";
import type { AppIdentity } from "../../../src/ports/app-identity.ts";
import type { GitHub } from "../../../src/ports/github.ts";
import { createClientWitness } from "../../support/github-schema/github-witness.ts";
import { silentLog } from "./silent-log.ts";

export type Manifest = {
  readonly default_permissions: PermissionSet;
  readonly default_events: readonly string[];
};

export const MANIFEST = parse(readFileSync("app.yml", "utf8")) as Manifest;

export type GitHubFixture = {
  readonly forge: Forge;
  /** Owns the repository and is its administrator. */
  readonly ada: Account;
  readonly app: AppIdentity;
  readonly installationId: number;
  readonly forgeRepository: ForgeRepository;
  readonly repository: Repository;
  readonly github: GitHub;
  /** The client under `github`. */
  readonly octokit: ProbotOctokit;
  readonly probot: Probot;
  readonly counter: RequestCounter;
  /** Everything that the App sent, with its answers, in order. */
  readonly exchanges: readonly Exchange[];
  /** Changes that the App made since the last call: `POST /repos/ada/engine/issues/1/labels`. */
  readonly writes: () => readonly string[];
  /** A client of a person, with an unrestricted token. */
  readonly as: (user: Account) => Octokit;
};

/**
 * A forge of its own with the App installed on one repository as `app.yml` says, and GitHub as Baton sees it. When the
 * test is over, everything that passed must have been as GitHub describes it, refused requests included.
 */
export async function openGitHub({
  permissions = MANIFEST.default_permissions,
  files = {},
  isPrivate = false,
  webhook,
}: {
  readonly permissions?: PermissionSet;
  /** What the repository holds beside its README, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** In a public repository, anybody's token reads without a permission. */
  readonly isPrivate?: boolean;
  /** Where the App's webhooks go; without it there are none. */
  readonly webhook?: { readonly url: string; readonly secret: string };
} = {}): Promise<GitHubFixture> {
  const dir = await mkdtemp(join(tmpdir(), "baton-github-"));
  const witness = createClientWitness();
  const exchanges: Exchange[] = [];
  const forge = await startForge({
    dir,
    onDelivery: witness.onDelivery,
    onExchange: (exchange) => {
      exchanges.push(exchange);
      witness.onExchange(exchange);
    },
  });
  onTestFinished(async () => {
    await forge.close();
    await rm(dir, { recursive: true, force: true });
    expect(witness.problems).toEqual([]);
  });

  const { hub } = forge;
  const ada = hub.createUser({ login: "ada", name: "Ada L." });
  const seedFrom = join(dir, "seed");
  await writeFiles(seedFrom, { "README.md": "# Engine\n", ...files });
  const forgeRepository = await hub.createRepository({
    owner: ada,
    name: "engine",
    seedFrom,
    private: isPrivate,
  });
  const created = hub.createApp({
    name: "Baton",
    owner: ada,
    permissions,
    events: [...MANIFEST.default_events],
    ...(webhook && { webhookUrl: webhook.url, webhookSecret: webhook.secret }),
  });
  const installation = hub.installApp({ app: created.app, account: ada });
  const counter = createRequestCounter();
  const probot = new Probot({
    appId: created.app.id,
    privateKey: created.privateKey,
    baseUrl: `${forge.url}/api/v3`,
    Octokit: rateAwareOctokit({ clock: systemClock, writeIntervalMs: 0, observe: counter.observe }),
    log: silentLog,
  });
  const app = await identifyApp(await probot.auth());
  const github = await createGitHubOf(probot, { app, clock: systemClock })(installation.id as TenantId);
  let seen = exchanges.length;
  return {
    forge,
    ada,
    app,
    installationId: installation.id,
    forgeRepository,
    repository: {
      id: forgeRepository.id,
      owner: "ada",
      name: "engine",
      defaultBranch: forgeRepository.defaultBranch,
    },
    github,
    octokit: await probot.auth(installation.id),
    probot,
    counter,
    exchanges,
    writes: () => {
      const since = exchanges
        .slice(seen)
        .filter(({ method, path }) => method !== "GET" && !isTokenRequest(path));
      seen = exchanges.length;
      return since.map(({ method, path }) => `${method} ${path.replace(/^\/api\/v3/, "")}`);
    },
    as: (user) =>
      new Octokit({ auth: hub.createToken({ user }).token, baseUrl: `${forge.url}/api/v3`, log: silentLog }),
  };
}

async function writeFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

/** Clients ask for their tokens by themselves, when they need one. */
function isTokenRequest(path: string): boolean {
  return path.endsWith("/access_tokens");
}
