import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { expect } from "vitest";

import { actionsOf, type ActionsEngine } from "../../../src/forge/actions/engine/actions-engine.ts";
import type { EngineSettings } from "../../../src/forge/actions/engine/engine-services.ts";
import { readJobLog, readJobSummary } from "../../../src/forge/actions/engine/job-logs.ts";
import { runGit } from "../../../src/forge/git/run-git.ts";
import type { Account } from "../../../src/forge/hub/entity/account.ts";
import type { Repository } from "../../../src/forge/hub/entity/repository.ts";
import type { WorkflowJob, WorkflowRun } from "../../../src/forge/hub/entity/workflow.ts";
import { startForge, type Forge, type ForgeOptions } from "../../../src/forge/start-forge.ts";
import { createGithubWitness, type GithubWitness } from "../../support/github-schema/github-witness.ts";
import { waitFor } from "../../support/wait-for.ts";

/** A forge with one repository, `octo/project`, whose workflows a test writes. */
export interface ActionsProject {
  forge: Forge;
  engine: ActionsEngine;
  owner: Account;
  repository: Repository;
  /** A personal token of the owner. */
  token: string;
  witness: GithubWitness;
  directory: string;
  /** Calls the REST API below the repository, or below the root for paths that start with a slash. */
  rest: (method: string, path: string, body?: unknown, token?: string) => Promise<RestAnswer>;
  /** Dispatches a workflow by its file's name and waits for the end of its run. */
  run: (file: string, inputs?: Record<string, unknown>) => Promise<FinishedRun>;
  /** Dispatches without waiting. @returns the run's id */
  dispatch: (file: string, inputs?: Record<string, unknown>) => Promise<number>;
  finished: (runId: number) => Promise<FinishedRun>;
  /** Adds another repository of the owner's, with tags on its first commit. */
  addRepository: (name: string, files: Record<string, string>, tags?: string[]) => Promise<Repository>;
  /** What the steps of a job wrote to GITHUB_STEP_SUMMARY. */
  summary: (jobId: number) => string | null;
  /** Waits for a change in the store that makes `holds` true. */
  until: (holds: () => boolean) => Promise<void>;
  /** Waits until every recorded webhook has been tried. */
  deliveriesSent: () => Promise<void>;
  close: () => Promise<void>;
}

interface RestAnswer {
  status: number;
  /** Parsed JSON, or text. */
  body: unknown;
  response: Response;
}

interface FinishedRun {
  run: WorkflowRun;
  jobs: WorkflowJob[];
  job: (name: string) => WorkflowJob;
  log: (name: string) => string;
}

/** Quick where nobody heeds the signal anyhow; what a cancelled job still has to run gets the time it needs. */
export const quickGrace = { interruptMs: 300, terminateMs: 300, jobMs: 60_000 };

export async function createActionsProject(
  files: Record<string, string>,
  options: { settings?: Partial<EngineSettings>; forge?: Partial<ForgeOptions> } = {},
): Promise<ActionsProject> {
  const directory = await mkdtemp(join(tmpdir(), "forge-actions-"));
  await writeFiles(join(directory, "seed"), files);
  const witness = createGithubWitness();
  const { onExchange, onDelivery } = witness;
  const forge = await startForge({ dir: join(directory, "forge"), onExchange, onDelivery, ...options.forge });
  const { hub } = forge;
  const engine = actionsOf(hub);
  engine.configure({ grace: quickGrace, ...options.settings });
  const owner = hub.createUser({ login: "octo" });
  const repository = await hub.createRepository({
    owner,
    name: "project",
    seedFrom: join(directory, "seed"),
  });
  await engine.idle();
  const { token } = hub.createToken({ user: owner });

  const rest: ActionsProject["rest"] = async (method, path, body, as = token) => {
    const url = path.startsWith("/")
      ? `${forge.url}/api/v3${path}`
      : `${forge.url}/api/v3/repos/octo/project/${path}`;
    const response = await fetch(url, {
      method,
      redirect: "manual",
      headers: { authorization: `Bearer ${as}`, accept: "application/vnd.github+json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.clone().text();
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    return { status: response.status, body: isJson ? (JSON.parse(text) as unknown) : text, response };
  };
  const until: ActionsProject["until"] = (holds) =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!holds()) return;
        unsubscribe();
        resolve();
      };
      const unsubscribe = hub.events.onCommitted(check);
      check();
    });
  const finished: ActionsProject["finished"] = async (runId) => {
    await until(() => hub.store.workflowRuns.require(runId).status === "completed");
    return describeRun(engine, forge, runId);
  };
  const addRepository: ActionsProject["addRepository"] = async (name, seed, tags = []) => {
    const seedFrom = join(directory, `seed-${name}`);
    await writeFiles(seedFrom, seed);
    const added = await hub.createRepository({ owner, name, seedFrom });
    for (const tag of tags) await runGit(hub.gitDirectory(added.id), ["tag", tag]);
    return added;
  };
  const dispatch: ActionsProject["dispatch"] = async (file, inputs = {}) => {
    const answer = await rest("POST", `actions/workflows/${file}/dispatches`, {
      ref: "main",
      inputs,
      return_run_details: true,
    });
    if (answer.status !== 200)
      throw new Error(`Dispatch answered ${answer.status} ${JSON.stringify(answer.body)}`);
    return (answer.body as { workflow_run_id: number }).workflow_run_id;
  };
  return {
    ...{
      forge,
      engine,
      owner,
      repository,
      token,
      witness,
      directory,
      rest,
      until,
      finished,
      dispatch,
      addRepository,
    },
    summary: (jobId) => readJobSummary(engine.files, jobId),
    run: async (file, inputs) => finished(await dispatch(file, inputs)),
    deliveriesSent: async () => {
      await waitFor(() => expect(hub.store.deliveries.count({ state: "waiting" })).toBe(0));
    },
    close: async () => {
      await forge.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function writeFiles(directory: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = join(
      directory,
      name.endsWith(".yml") && !name.includes("/") ? `.github/workflows/${name}` : name,
    );
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

function describeRun(engine: ActionsEngine, { hub }: Forge, runId: number): FinishedRun {
  const jobs = hub.store.workflowJobs.find({ runId });
  const job = (name: string): WorkflowJob => {
    const found = jobs.findLast((candidate) => candidate.name === name);
    if (found === undefined)
      throw new Error(`No job ${name} among ${jobs.map((each) => each.name).join(", ")}`);
    return found;
  };
  return {
    run: hub.store.workflowRuns.require(runId),
    jobs,
    job,
    log: (name) => (readJobLog(engine.files, job(name).id) ?? "").replaceAll(/^\S+Z /gm, ""),
  };
}
