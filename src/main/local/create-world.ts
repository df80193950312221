import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parse } from "yaml";
import { z } from "zod";
import { CONFIG_PATH } from "../../contract/repository-config/config-problem.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { parseRepositoryConfig } from "../../contract/repository-config/parse-repository-config.ts";
import { personAsActor } from "../../forge/hub/caller.ts";
import type { Account } from "../../forge/hub/entity/account.ts";
import type { Repository } from "../../forge/hub/entity/repository.ts";
import { createLabel } from "../../forge/hub/repository/label.ts";
import type { Forge } from "../../forge/start-forge.ts";
import { WORKFLOW_PATH } from "../../contract/workflow-path.ts";
import { renderHarness, type HarnessWish } from "../../surfaces/cli/init/render-policy.ts";
import { renderWorkflow } from "../../surfaces/cli/init/render-workflow.ts";
import type { RepositoryCopy } from "./copy-repository.ts";
import { commitSetup } from "./copy-repository.ts";
import type { World } from "./local-world.ts";
import { worldFile } from "./local-world.ts";
import { modelNamesOf } from "./own-agent.ts";
import { passSecrets } from "./pass-environment.ts";
import { PEOPLE } from "./people.ts";
import type { CopyTarget, Target } from "./target.ts";
import { nameOf } from "./target.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const DEMO_REPOSITORY = join(ROOT, "demo/repository");

/** What a world is made of: the demo's files, or a clone of the user's repository. */
export type Source =
  | { readonly kind: "demo"; readonly target: Target; readonly wish: HarnessWish | null }
  | { readonly kind: "copy"; readonly target: CopyTarget; readonly copy: RepositoryCopy };

/** Fills a fresh forge with people, the App with its manifest's rights, the action, and the repository to work on. */
export async function createWorld(forge: Forge, dir: string, source: Source): Promise<World> {
  const { hub } = forge;
  const people = PEOPLE.map(({ login, name, role }) => ({ user: hub.createUser({ login, name }), role }));
  const owner = people.find(({ role }) => role === "admin")?.user;
  if (!owner) throw new Error("Nobody owns the repository of the local forge.");
  const publisher = hub.createOrganization({ login: "baton", name: "Baton" });
  const action = await publishAction(forge, publisher);
  const repository = await createTarget(forge, owner, { source, action });
  for (const { user, role } of people) {
    if (role !== "admin") hub.addCollaborator(repository, user, role);
  }
  await createTriggerLabel(forge, repository, owner);
  const webhookSecret = randomBytes(32).toString("hex");
  const { app, privateKey } = hub.createApp({ ...(await manifest()), owner, webhookSecret });
  hub.installApp({ app, account: owner, repositories: [repository] });
  const world: World = {
    target: source.target,
    appId: app.id,
    privateKey,
    webhookSecret,
    repositoryId: repository.id,
    tokens: Object.fromEntries(people.map(({ user }) => [user.login, hub.createToken({ user }).token])),
  };
  await writeFile(worldFile(dir), JSON.stringify(world), { mode: 0o600 });
  return world;
}

const Manifest = z.object({
  name: z.string(),
  description: z.string(),
  hook_attributes: z.object({ url: z.string() }),
  default_permissions: z.record(z.string(), z.enum(["read", "write"])),
  default_events: z.array(z.string()),
});

/** The App as `app.yml` declares it: what is not granted there does not work here either. */
async function manifest() {
  const read = Manifest.parse(parse(await readFile(join(ROOT, "app.yml"), "utf8")));
  return {
    name: read.name,
    description: read.description,
    permissions: read.default_permissions,
    events: read.default_events,
    webhookUrl: read.hook_attributes.url,
  };
}

/** Publishes the action of this checkout on the forge, as its repository would be on GitHub. */
async function publishAction(forge: Forge, owner: Account): Promise<string> {
  return withTemporaryDirectory(async (dir) => {
    await mkdir(join(dir, "dist"));
    await cp(join(ROOT, "action.yml"), join(dir, "action.yml"));
    await cp(join(ROOT, "dist/action.js"), join(dir, "dist/action.js"));
    const repository = await forge.hub.createRepository({ owner, name: "baton", seedFrom: dir });
    const sha = await gitOf(forge, repository, ["rev-parse", repository.defaultBranch]);
    return `${owner.login}/${repository.name}@${sha.trim()}`;
  });
}

async function createTarget(
  forge: Forge,
  owner: Account,
  { source, action }: { readonly source: Source; readonly action: string },
): Promise<Repository> {
  const workflow = await renderWorkflow({ action, server: null });
  if (source.kind === "copy") {
    const { target, copy } = source;
    const author = { login: owner.login, name: owner.name ?? owner.login };
    const policy = readPolicy(await readFile(join(copy.dir, CONFIG_PATH), "utf8"));
    const harnesses = Object.values(policy.stages).map(({ harness }) => harness.name);
    const names = [...new Set([...modelNamesOf(target.harness), ...target.passEnv])];
    const secrets = { names, harnesses };
    await commitSetup(copy, { workflow: passSecrets(workflow, secrets), author });
    return forge.hub.createRepository({ owner, name: nameOf(target.from), cloneFrom: copy.dir });
  }
  return withTemporaryDirectory(async (dir) => {
    await cp(DEMO_REPOSITORY, dir, { recursive: true });
    if (source.wish !== null) await nameAgent(join(dir, CONFIG_PATH), source.wish);
    const file = join(dir, WORKFLOW_PATH);
    await mkdir(dirname(file), { recursive: true });
    const { harness } = source.target;
    const secrets = { names: modelNamesOf(harness), harnesses: harness === null ? [] : [harness.use] };
    await writeFile(file, passSecrets(workflow, secrets));
    return forge.hub.createRepository({ owner, name: "slugs", seedFrom: dir });
  });
}

const RECORDED = "  use: recording\n  file: .github/baton/recording.json\n";

async function nameAgent(file: string, wish: HarnessWish): Promise<void> {
  const policy = await readFile(file, "utf8");
  if (!policy.includes(RECORDED)) throw new Error("The demo's policy names its agent otherwise now.");
  await writeFile(
    file,
    policy.replace(RECORDED, () => renderHarness(wish)),
  );
}

/** A label has to be there before a mouse can choose it. */
async function createTriggerLabel(forge: Forge, repository: Repository, owner: Account): Promise<void> {
  const text = await gitOf(forge, repository, ["show", `${repository.defaultBranch}:${CONFIG_PATH}`]);
  createLabel(forge.hub, {
    repository,
    actor: personAsActor(owner),
    name: readPolicy(text).trigger,
    color: "1f6feb",
    description: "Baton takes the issue on",
  });
}

function readPolicy(text: string): Policy {
  const policy = parseRepositoryConfig(text);
  if (!policy.ok) throw new Error("The repository was set up with a policy that cannot be read.");
  return policy.value;
}

async function gitOf(forge: Forge, repository: Repository, args: readonly string[]): Promise<string> {
  const gitDir = forge.hub.gitDirectory(repository.id);
  const { stdout } = await run("git", ["--git-dir", gitDir, ...args]);
  return stdout;
}

async function withTemporaryDirectory<T>(act: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "baton-local-"));
  try {
    return await act(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
