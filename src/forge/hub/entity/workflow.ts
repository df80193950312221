import type { CheckConclusion, CheckStatus } from "./check.ts";
import type { PermissionSet } from "./permission.ts";

export interface Workflow {
  id: number;
  repositoryId: number;
  /** Path in the repository, such as `.github/workflows/ci.yml`. */
  path: string;
  name: string;
  state: "active" | "deleted" | "disabled_manually";
  createdAt: string;
  updatedAt: string;
}

export interface WorkflowRun {
  id: number;
  repositoryId: number;
  workflowId: number;
  checkSuiteId: number;
  runNumber: number;
  runAttempt: number;
  name: string;
  displayTitle: string;
  path: string;
  event: string;
  headBranch: string | null;
  headSha: string;
  /** Full reference that the run is for, such as `refs/heads/main` or `refs/pull/3/merge`. */
  ref: string;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  actorId: number;
  triggeringActorId: number;
  /** `github.event`: the webhook payload that started the run. */
  eventPayload: Record<string, unknown>;
  inputs: Record<string, unknown>;
  pullIds: number[];
  cancelRequested: boolean;
  runStartedAt: string;
  createdAt: string;
  updatedAt: string;
}

export interface WorkflowJob {
  id: number;
  repositoryId: number;
  runId: number;
  runAttempt: number;
  checkRunId: number;
  /** Key under `jobs:`. */
  key: string;
  name: string;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  labels: string[];
  permissions: PermissionSet;
  environment: string | null;
  steps: WorkflowStep[];
  outputs: Record<string, string>;
  runnerName: string | null;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
}

export interface WorkflowStep {
  number: number;
  name: string;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  startedAt: string | null;
  completedAt: string | null;
}

export interface Artifact {
  id: number;
  repositoryId: number;
  runId: number;
  name: string;
  sizeBytes: number;
  /** `sha256:` and the hexadecimal digest of the zip. */
  digest: string;
  createdAt: string;
  updatedAt: string;
  expiresAt: string;
}

/** An encrypted value or plain variable of a repository, as `secrets.NAME` or `vars.NAME`. */
export interface RepositoryVariable {
  id: number;
  repositoryId: number;
  kind: "secret" | "variable";
  name: string;
  value: string;
}
