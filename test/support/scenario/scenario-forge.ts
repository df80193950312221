import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Octokit } from "@octokit/rest";
import { expect } from "vitest";
import { parse } from "yaml";
import type { Account, App, Installation } from "../../../src/forge/hub/entity/account.ts";
import type { PermissionSet } from "../../../src/forge/hub/entity/permission.ts";
import type { Repository } from "../../../src/forge/hub/entity/repository.ts";
import { setInstallationRepositories } from "../../../src/forge/hub/setup/install-app.ts";
import type { Exchange, Forge } from "../../../src/forge/start-forge.ts";
import { startForge } from "../../../src/forge/start-forge.ts";
import { WORKFLOW_PATH } from "../../../src/contract/workflow-path.ts";
import { renderWorkflow } from "../../../src/surfaces/cli/init/render-workflow.ts";
import { silentLog } from "../../integration/github/silent-log.ts";
import { createClientWitness } from "../github-schema/github-witness.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Maya owns the repositories, Robin and Sam may write, Casey may only look, and Max Bot is no person. */
const PEOPLE = ["maya", "robin", "sam", "casey"] as const;
export type Person = (typeof PEOPLE)[number];

/** The forge of one file's scenarios, with the App and the action published, all of it witnessed. */
export type ScenarioForge = {
  readonly dir: string;
  readonly forge: Forge;
  readonly app: App;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly people: Readonly<Record<Person, Account>>;
  /** Everything that was asked of the API, by anybody, with its answers. */
  readonly exchanges: readonly Exchange[];
  /** Told of every exchange as it ends. */
  readonly onExchange: (listener: (exchange: Exchange) => void) => void;
  readonly installation: () => Installation;
  readonly as: (person: Person) => Octokit;
  /** Where the App sends its webhooks from now on. */
  readonly sendWebhooksTo: (batonUrl: string) => void;
  /** The workflow as `baton init` writes it. */
  readonly workflow: () => Promise<string>;
  /** A repository with these files and Baton's workflow, the App installed on it. */
  readonly createRepository: (wanted: NewScenarioRepository) => Promise<Repository>;
  /** Ends it; everything that passed must have been as GitHub describes it. */
  readonly close: () => Promise<void>;
};

type NewScenarioRepository = {
  readonly name: string;
  readonly fill: (folder: string) => Promise<void>;
  /** Whether it has the workflow that `baton init` writes; it has unless said otherwise. */
  readonly workflow?: boolean;
};

type Manifest = { readonly default_permissions: PermissionSet; readonly default_events: readonly string[] };

export async function openScenarioForge(): Promise<ScenarioForge> {
  const dir = await mkdtemp(join(tmpdir(), "baton-scenario-"));
  const watched = watchExchanges();
  const forge = await startForge({
    dir: join(dir, "forge"),
    // The scenarios of one file share a forge, and so the App's limit.
    requestsPerHour: 100_000,
    onExchange: watched.onExchange,
    onDelivery: watched.onDelivery,
  });
  const { hub } = forge;
  const [maya, robin, sam, casey] = PEOPLE.map((login) => hub.createUser({ login }));
  if (!maya || !robin || !sam || !casey) throw new Error("Somebody is missing.");
  const people = { maya, robin, sam, casey };
  const manifest = parse(await readFile(join(ROOT, "app.yml"), "utf8")) as Manifest;
  const webhookSecret = randomBytes(32).toString("hex");
  const { app, privateKey } = hub.createApp({
    name: "Baton",
    owner: maya,
    permissions: manifest.default_permissions,
    events: [...manifest.default_events],
    webhookUrl: "http://127.0.0.1:9/api/github/webhooks",
    webhookSecret,
  });
  const action = await publishAction(forge, dir);
  hub.installApp({ app, account: maya, repositories: [] });
  const installation = () => hub.store.installations.find({ accountId: maya.id })[0] as Installation;
  const clients = new Map<Person, Octokit>();
  return {
    dir,
    forge,
    app,
    privateKey,
    webhookSecret,
    people,
    exchanges: watched.exchanges,
    onExchange: watched.listen,
    installation,
    as(person) {
      const client = clients.get(person) ?? clientOf(forge, people[person]);
      clients.set(person, client);
      return client;
    },
    sendWebhooksTo(batonUrl) {
      const hook = { ...hub.store.apps.require(app.id).hook, url: `${batonUrl}/api/github/webhooks` };
      hub.change(() => hub.store.apps.update(app.id, { hook }));
    },
    workflow: () => renderScenarioWorkflow(action),
    async createRepository({ name, fill, workflow = true }) {
      const seedFrom = join(dir, "seeds", name);
      await mkdir(seedFrom, { recursive: true });
      await fill(seedFrom);
      if (workflow) await writeIn(seedFrom, WORKFLOW_PATH, await renderScenarioWorkflow(action));
      const repository = await hub.createRepository({ owner: maya, name, seedFrom });
      hub.addCollaborator(repository, robin, "write");
      hub.addCollaborator(repository, sam, "write");
      hub.addCollaborator(repository, casey, "read");
      const before = installation().repositoryIds.map((id) => hub.store.repositories.require(id));
      setInstallationRepositories(hub, {
        installation: installation(),
        repositories: [...before, repository],
        by: maya,
      });
      return repository;
    },
    async close() {
      await forge.close();
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
      expect(watched.problems).toEqual([]);
    },
  };
}

function watchExchanges() {
  const witness = createClientWitness();
  const exchanges: Exchange[] = [];
  const listeners: ((exchange: Exchange) => void)[] = [];
  return {
    exchanges,
    problems: witness.problems,
    onDelivery: witness.onDelivery,
    listen: (listener: (exchange: Exchange) => void) => listeners.push(listener),
    onExchange: (exchange: Exchange) => {
      exchanges.push(exchange);
      witness.onExchange(exchange);
      for (const listener of listeners) listener(exchange);
    },
  };
}

function clientOf(forge: Forge, user: Account): Octokit {
  return clientWith(forge, forge.hub.createToken({ user }).token);
}

export function clientWith(forge: Forge, token: string): Octokit {
  return new Octokit({ auth: token, baseUrl: `${forge.url}/api/v3`, log: silentLog });
}

/** The agents of scenarios write down what they saw, and wait for their tests, outside of their work tree. */
async function renderScenarioWorkflow(action: string): Promise<string> {
  const workflow = await renderWorkflow({ action, server: null });
  return workflow.replace(/^jobs:$/m, 'env:\n  BATON_SANDBOX: "off"\n\njobs:');
}

/** The action of this checkout in a repository of its own, and how a workflow names it. */
async function publishAction(forge: Forge, dir: string): Promise<string> {
  const { hub } = forge;
  const owner = hub.createOrganization({ login: "baton-action" });
  const seedFrom = join(dir, "action");
  await mkdir(join(seedFrom, "dist"), { recursive: true });
  await cp(join(ROOT, "action.yml"), join(seedFrom, "action.yml"));
  await cp(join(ROOT, "dist/action.js"), join(seedFrom, "dist/action.js"));
  const repository = await hub.createRepository({ owner, name: "baton", seedFrom });
  const gitDir = hub.gitDirectory(repository.id);
  const { stdout } = await run("git", ["--git-dir", gitDir, "rev-parse", repository.defaultBranch]);
  return `${owner.login}/${repository.name}@${stdout.trim()}`;
}

export async function writeIn(folder: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}
