import type { ExpressionScope } from "../expression/evaluate-expression.ts";
import type { ActionManifest } from "../workflow/parse-action-manifest.ts";
import type { StepDefinition } from "../workflow/workflow.ts";
import type { ForgeLink } from "./forge-link.ts";
import type { JobAssignment } from "./job-assignment.ts";
import type { JobDirectories } from "./job-directories.ts";
import type { JobLog } from "./job-log.ts";
import type { SecretMask } from "./mask-secrets.ts";
import type { StepList } from "./step-list.ts";
import type { JobConclusion } from "./worker-message.ts";

/** A running job. Steps change it: variables, paths, its status, what is to be done at its end. */
export interface JobState {
  readonly assignment: JobAssignment;
  readonly directories: JobDirectories;
  readonly forge: ForgeLink;
  readonly log: JobLog;
  readonly mask: SecretMask;
  readonly steps: StepList;
  /** Variables of the workflow, the job and `GITHUB_ENV`. */
  readonly env: Record<string, string>;
  /** From `GITHUB_PATH`, the latest first. */
  readonly paths: string[];
  readonly postSteps: PostStep[];
  /** Remote actions that "Set up job" placed, by `uses:`. */
  readonly actions: Map<string, PlacedAction>;
  /** What the parts of each JavaScript action hand on to one another. */
  readonly actionStates: Map<StepDefinition, Record<string, string>>;
  status: JobConclusion;
  /** Called when the job is cancelled or runs out of time; a running step decides whether it goes on. */
  onCancelled: (() => void) | null;
}

export interface PlacedAction {
  directory: string;
  manifest: ActionManifest;
  /** `owner/name` and the reference it was taken at; both empty for actions of the workspace. */
  repository: string;
  ref: string;
}

/** What an action does when the job ends, in the reverse order of the steps. */
export interface PostStep {
  name: string;
  condition: string;
  /** The step that left it. */
  execution: StepExecution;
  run: (execution: StepExecution) => Promise<void>;
}

/** What the steps of a job, or of one use of a composite action, see of one another. */
export interface StepFrame {
  readonly steps: Record<string, StepResult>;
  readonly inputs: Record<string, unknown>;
  /** The composite action that the steps belong to; null for the job's own. */
  readonly action: PlacedAction | null;
  /** Variables of the step that uses the composite action. */
  readonly env: Record<string, string>;
  /** How many composite actions are around the steps. */
  readonly depth: number;
  /** Aborted when a step that the steps are part of runs out of time; null for the job's own. */
  readonly deadline: AbortSignal | null;
  /** How the steps have fared so far; the job's own frame reads the job's status. */
  readonly status: () => JobConclusion;
  /** Whether the steps have been cancelled, so that only `always()` and `cancelled()` let one run. */
  readonly stopped: () => boolean;
}

/** One step being run, as what carries it out is given it. */
export interface StepExecution {
  state: JobState;
  frame: StepFrame;
  step: StepDefinition;
  /** Variables of the job, the frame and the step. */
  env: Record<string, string>;
  scope: ExpressionScope;
  watch: StepWatch;
  /** Filled by the step; the `outputs` of its result. */
  outputs: Record<string, string>;
  /** What an action's main part hands to its post part. */
  actionState: Record<string, string>;
  /** Runs a step of the composite action that this step uses. */
  runNested: (frame: StepFrame, step: StepDefinition) => Promise<StepResult>;
}

/** What can end a step before its time. */
export interface StepWatch {
  /** Aborted by either. */
  signal: AbortSignal;
  cancelled: AbortSignal;
  /** The step's own timeout, or that of a step which it is part of. */
  deadline: AbortSignal;
  /** As declared; 0 without. */
  timeoutMinutes: number;
  end: () => void;
}

export interface StepResult {
  outputs: Record<string, string>;
  outcome: JobConclusion | "skipped";
  conclusion: JobConclusion | "skipped";
}
