import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";
import type { Forge, ForgeOptions } from "../../forge/start-forge.ts";
import { startForge } from "../../forge/start-forge.ts";
import type { RunningBaton } from "../start-baton.ts";
import { startBaton } from "../start-baton.ts";
import { copyRepository } from "./copy-repository.ts";
import type { Source } from "./create-world.ts";
import { createWorld } from "./create-world.ts";
import { explainFailure } from "./explain-failure.ts";
import type { LocalWorld, World } from "./local-world.ts";
import { openWorld, pointWebhooksAt, readWorld, settingsFor } from "./local-world.ts";
import { modelNamesOf, readModelVariables, wishOf } from "./own-agent.ts";
import { readVariables, setSecrets } from "./pass-environment.ts";
import { DEMO, type Target } from "./target.ts";

export type Local = {
  readonly forge: Forge;
  readonly baton: RunningBaton;
  readonly world: LocalWorld;
  /** What the person should know of the repository; whole sentences. */
  readonly notes: readonly string[];
  close(): Promise<void>;
};

export type LocalOptions = {
  readonly dir: string;
  /** Of the page; 0 takes a free one. */
  readonly port: number;
  /** Null where the folder's earlier start has decided, or the demo's repository is to do. */
  readonly target: Target | null;
};

/** Who looks on at what passes between the forge and its clients; it changes nothing. */
export type ForgeObservers = Pick<ForgeOptions, "onExchange" | "onDelivery">;

/**
 * Starts the forge and Baton on a folder, each as it would run elsewhere; what was there goes on.
 * @returns why it cannot be started, in sentences.
 */
export async function startLocal(
  options: LocalOptions,
  observers: ForgeObservers = {},
): Promise<Result<Local, string>> {
  const known = await readWorld(options.dir);
  if (!known.ok) return known;
  const target = agreeOnTarget(options, known.value);
  if (!target.ok) return target;
  const passed = readSecrets(target.value);
  if (!passed.ok) return passed;
  const source = known.value ? null : await prepareSource(target.value, options.dir);
  if (source && !source.ok) return source;
  const opened = await openForge(options, observers);
  if (!opened.ok) return opened;
  const forge = opened.value;
  try {
    const world = source ? await createWorld(forge, options.dir, source.value) : known.value;
    if (!world) throw new Error("There is neither a world nor what to make one of.");
    await rm(copyIn(options.dir), { recursive: true, force: true });
    setSecrets(forge, world.repositoryId, passed.value);
    const notes = [
      ...(source?.value.kind === "copy" ? source.value.copy.notes : []),
      ...whoPays(target.value, passed.value),
    ];
    return ok(await startBeside(forge, openWorld(forge, world), { dir: options.dir, notes }));
  } catch (error) {
    await forge.close();
    throw error;
  }
}

async function startBeside(
  forge: Forge,
  world: LocalWorld,
  { dir, notes }: { readonly dir: string; readonly notes: readonly string[] },
): Promise<Local> {
  const baton = await startBaton(settingsFor(forge, world, { dataDir: join(dir, "data") }));
  pointWebhooksAt(forge, world, baton.url);
  return {
    forge,
    baton,
    world,
    notes,
    async close() {
      await baton.stop();
      await forge.close();
    },
  };
}

/** A folder keeps the repository that it was started with. */
function agreeOnTarget({ dir, target }: LocalOptions, known: World | null): Result<Target, string> {
  if (known === null) return ok(target ?? DEMO);
  if (target === null || isDeepStrictEqual(known.target, target)) return ok(known.target);
  const what = known.target.kind === "demo" ? "the demo's repository" : `the copy of ${known.target.from}`;
  const isSame = known.target.kind === "copy" && target.kind === "copy" && known.target.from === target.from;
  return err(
    isSame
      ? `${dir} holds the copy from an earlier start with other options: repeat those, or delete the folder to start anew.`
      : `${dir} holds ${what}: name another folder with --dir.`,
  );
}

/** Nothing of a start that did not come as far as a world is worth keeping. */
async function prepareSource(target: Target, dir: string): Promise<Result<Source, string>> {
  for (const left of ["forge", "data"]) await rm(join(dir, left), { recursive: true, force: true });
  const wish = target.harness === null ? ok(null) : await wishOf(target.harness);
  if (!wish.ok) return wish;
  if (target.kind === "demo") return ok({ kind: "demo", target, wish: wish.value });
  await rm(copyIn(dir), { recursive: true, force: true });
  const copy = await copyRepository(target, copyIn(dir), wish.value);
  return copy.ok ? ok({ kind: "copy", target, copy: copy.value }) : copy;
}

function whoPays({ harness }: Target, secrets: ReadonlyMap<string, string>): readonly string[] {
  const names = modelNamesOf(harness).filter((name) => secrets.has(name));
  if (harness === null || names.length === 0) return [];
  return [`The agent is ${harness.use}, and asks its model by this terminal's ${names.join(" and ")}.`];
}

/** What the repository's secrets are to be: the variables that were named, and those of the agent's model. */
function readSecrets(target: Target): Result<ReadonlyMap<string, string>, string> {
  const named = readVariables(target.kind === "copy" ? target.passEnv : [], process.env);
  if (!named.ok) return named;
  const ofModel = readModelVariables(target.harness, process.env);
  return ofModel.ok ? ok(new Map([...ofModel.value, ...named.value])) : ofModel;
}

function copyIn(dir: string): string {
  return join(dir, "copy");
}

async function openForge(
  { dir, port }: LocalOptions,
  observers: ForgeObservers,
): Promise<Result<Forge, string>> {
  const forgeDir = join(dir, "forge");
  await mkdir(forgeDir, { recursive: true });
  try {
    return ok(await startForge({ dir: forgeDir, port, ...observers }));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code === "EADDRINUSE") {
      return err(`Port ${port} is taken by another program: name another with --port, or 0 for a free one.`);
    }
    if (error.code === "EACCES") {
      return err(`Port ${port} is not for every user's programs: name one above 1023 with --port.`);
    }
    throw new Error(`The forge did not start: ${explainFailure(error)}`, { cause: error });
  }
}
