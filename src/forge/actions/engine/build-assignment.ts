import { randomBytes } from "node:crypto";

import type { WorkflowJob, WorkflowRun } from "../../hub/entity/workflow.ts";
import { jobClaims } from "../../oidc/job-claims.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { JobAssignment, RunnerDescription } from "../worker/job-assignment.ts";
import type { EngineServices } from "./engine-services.ts";
import { baseEnvironment } from "./job-environment.ts";
import type { JobPlan } from "./plan-job.ts";
import { repositoryVariables } from "./repository-variables.ts";
import { githubContext, isFromFork } from "./run-context.ts";

export interface AssignmentRequest {
  run: WorkflowRun;
  job: WorkflowJob;
  workflow: Workflow;
  plan: JobPlan;
  needs: Record<string, unknown>;
  token: string;
}

/** Everything that the worker is told about a job. Revoke `idToken.secret` when the job has ended. */
export function buildAssignment(services: EngineServices, request: AssignmentRequest): JobAssignment {
  const { hub, files, settings } = services;
  const { run, job, workflow, plan, needs, token } = request;
  const { definition } = plan;
  const secrets = isFromFork(hub, run) ? {} : repositoryVariables(hub, run.repositoryId, "secret");
  const runner = describeRunner(plan.labels, job.id);
  return {
    jobId: job.id,
    jobName: job.name,
    directory: files.job(job.id),
    logDirectory: files.jobLogs(job.id),
    contexts: {
      github: { ...githubContext(hub, run), job: definition.key, token },
      vars: repositoryVariables(hub, run.repositoryId, "variable"),
      secrets: { ...secrets, GITHUB_TOKEN: token },
      needs,
      strategy: plan.strategy,
      matrix: plan.matrix,
      inputs: run.inputs,
    },
    runner,
    baseEnvironment: baseEnvironment(settings.environment),
    environments: [workflow.env, definition.env],
    defaults: { ...workflow.defaults, ...definition.defaults },
    steps: definition.steps,
    outputs: definition.outputs,
    timeoutMinutes: plan.timeoutMinutes,
    idToken: grantIdToken(services, { run, job, runner }),
    trackingId: `forge_${job.id}_${randomBytes(8).toString("hex")}.`,
    grace: settings.grace,
    setupLines: setupLines(job, plan, workflow),
  };
}

function grantIdToken(
  { hub, idTokens }: EngineServices,
  { run, job, runner }: { run: WorkflowRun; job: WorkflowJob; runner: RunnerDescription },
): JobAssignment["idToken"] {
  const permissions: Record<string, string | undefined> = job.permissions;
  if (permissions["id_token"] !== "write") return null;
  const owner = hub.store.accounts.require(hub.store.repositories.require(run.repositoryId).ownerId);
  const secret = idTokens.issue({
    jobId: job.id,
    claims: jobClaims(hub, { run, job, runnerEnvironment: runner.environment }),
    defaultAudience: `${hub.url}/${owner.login}`,
  });
  // Clients append `&audience=…`, so the address has a query already, as GitHub's has.
  return { url: `${hub.url}/_oidc/token?api-version=2.0`, secret };
}

const systems: Readonly<Partial<Record<NodeJS.Platform, RunnerDescription["os"]>>> = {
  darwin: "macOS",
  win32: "Windows",
};

const architectures: Readonly<Record<string, string>> = {
  x64: "X64",
  arm64: "ARM64",
  ia32: "X86",
  arm: "ARM",
};

function describeRunner(labels: string[], jobId: number): RunnerDescription {
  return {
    name: `forge-${jobId}`,
    os: systems[process.platform] ?? "Linux",
    arch: architectures[process.arch] ?? process.arch.toUpperCase(),
    environment: labels.includes("self-hosted") ? "self-hosted" : "github-hosted",
  };
}

/** Events in `on:` that nothing in the forge makes happen. */
const unknownTriggers = [
  "schedule",
  "repository_dispatch",
  "merge_group",
  "release",
  "deployment",
  "pull_request_target",
  "discussion",
];

function setupLines(job: WorkflowJob, plan: JobPlan, workflow: Workflow): string[] {
  const permissions = Object.entries(job.permissions);
  const unknown = Object.keys(workflow.triggers).filter((trigger) => unknownTriggers.includes(trigger));
  return [
    `Runner of the local forge: ${process.platform}/${process.arch}, Node ${process.version}`,
    `Requested labels: ${plan.labels.join(", ")}`,
    "##[group]GITHUB_TOKEN Permissions",
    ...permissions.map(([name, access]) => `${titleCase(name)}: ${access}`),
    "##[endgroup]",
    ...unknown.map((trigger) => `##[warning]The forge does not start workflows on \`${trigger}\`.`),
    `Complete job name: ${job.name}`,
  ];
}

function titleCase(name: string): string {
  return name.replaceAll(/(^|_)([a-z])/g, (_match, _start, letter: string) => letter.toUpperCase());
}
