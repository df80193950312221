import type { Template } from "../expression/interpolate.ts";

/** A workflow file that GitHub's parser accepted. Values are as YAML gives them, not yet evaluated. */
export interface Workflow {
  path: string;
  /** `name:`, or the path where the file has none. */
  name: string;
  runName: Template;
  /** What starts the workflow, by event name. */
  triggers: Record<string, EventFilter>;
  inputs: Record<string, DispatchInput>;
  permissions: Template;
  env: Record<string, Template>;
  defaults: RunDefaults;
  concurrency: Template;
  jobs: JobDefinition[];
}

export interface EventFilter {
  types?: string[];
  branches?: string[];
  "branches-ignore"?: string[];
  tags?: string[];
  "tags-ignore"?: string[];
  paths?: string[];
  "paths-ignore"?: string[];
  /** Names of workflows, for `workflow_run`. */
  workflows?: string[];
}

export interface DispatchInput {
  type: "string" | "boolean" | "number" | "choice" | "environment";
  required: boolean;
  default: string | number | boolean | null;
  options: string[];
}

export interface RunDefaults {
  shell?: Template;
  "working-directory"?: Template;
}

export interface JobDefinition {
  key: string;
  name: Template;
  needs: string[];
  /** An expression that always holds a status function: GitHub's parser wraps it in `success() && (…)`. */
  if: string;
  runsOn: Template;
  permissions: Template;
  environment: Template;
  concurrency: Template;
  strategy: Record<string, Template>;
  env: Record<string, Template>;
  defaults: RunDefaults;
  outputs: Record<string, Template>;
  timeoutMinutes: Template;
  continueOnError: Template;
  steps: StepDefinition[];
  /** What the job asks for that the forge cannot give; such a job fails before its first step. */
  unsupported: string[];
}

export interface StepDefinition {
  /** As written; empty where the author gave none. */
  id: string;
  name: Template;
  if: string;
  run: Template;
  uses: string | null;
  with: Record<string, Template>;
  env: Record<string, Template>;
  shell: Template;
  workingDirectory: Template;
  timeoutMinutes: Template;
  continueOnError: Template;
}
