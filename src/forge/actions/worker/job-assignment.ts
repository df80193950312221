import type { Template } from "../expression/interpolate.ts";
import type { RunDefaults, StepDefinition } from "../workflow/workflow.ts";

/** All that a worker process is told about the one job that it runs. */
export interface JobAssignment {
  jobId: number;
  jobName: string;
  /** The job's own directory: workspace, home, temporary files, actions, tools. */
  directory: string;
  /** Where each step's log goes, as `<number>.log`. */
  logDirectory: string;
  contexts: AssignedContexts;
  runner: RunnerDescription;
  /** The environment that every process of the job starts from; nothing else is inherited. */
  baseEnvironment: Record<string, string>;
  /** `env` of the workflow and then of the job, not yet evaluated. */
  environments: Record<string, Template>[];
  /** `defaults.run` of the job over the workflow's. */
  defaults: RunDefaults;
  steps: StepDefinition[];
  outputs: Record<string, Template>;
  timeoutMinutes: number;
  /** Where and with what the job may ask for OIDC tokens; null without `id-token: write`. */
  idToken: { url: string; secret: string } | null;
  /** Marks all processes of the job by `RUNNER_TRACKING_ID`, so that none outlives it. */
  trackingId: string;
  grace: CancelGrace;
  /** Lines for the log of "Set up job": runner, permissions, remarks. */
  setupLines: string[];
}

interface AssignedContexts {
  github: Record<string, unknown>;
  vars: Record<string, string>;
  secrets: Record<string, string>;
  needs: Record<string, unknown>;
  strategy: Record<string, unknown>;
  matrix: Record<string, unknown> | null;
  inputs: Record<string, unknown>;
}

export interface RunnerDescription {
  name: string;
  os: "Linux" | "macOS" | "Windows";
  arch: string;
  environment: "github-hosted" | "self-hosted";
}

/** How long a cancelled process is given after each step of asking it to end. */
export interface CancelGrace {
  /** From SIGINT to SIGTERM. */
  interruptMs: number;
  /** From SIGTERM to the end of the whole tree. */
  terminateMs: number;
  /** From the cancellation to the end of the job, steps with `if: always()` included. */
  jobMs: number;
}
