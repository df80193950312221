import type { UserView } from "../pieces/avatar.ts";
import type { CheckLook } from "../pieces/check-state.ts";
import type { Html } from "../html.ts";

export interface RunRow {
  id: number;
  title: string;
  workflow: string;
  number: number;
  attempt: number;
  event: string;
  branch: string | null;
  sha: string;
  actor: UserView;
  look: CheckLook;
  isFinished: boolean;
  createdAt: string;
  startedAt: string;
  /** Last change; the end of a finished run. */
  updatedAt: string;
}

export interface JobView {
  id: number;
  name: string;
  look: CheckLook;
  isFinished: boolean;
  startedAt: string | null;
  completedAt: string | null;
  /** Names of the jobs that had to succeed first. */
  needs: string[];
  steps: StepView[];
}

export interface StepView {
  number: number;
  name: string;
  look: CheckLook;
  isRunning: boolean;
  isFailed: boolean;
  startedAt: string | null;
  completedAt: string | null;
  /** What the step wrote so far; null before it starts. */
  log: string | null;
}

export interface RunView extends RunRow {
  fullName: string;
  /** Conversations of the pull requests that the run is for. */
  pulls: number[];
  jobs: JobView[];
  /** Job shown with its steps; null shows the summary. */
  job: JobView | null;
  artifacts: { id: number; name: string; sizeBytes: number }[];
  /** What jobs wrote for the summary page. */
  summaries: { job: string; content: Html }[];
  annotations: {
    job: string;
    level: string;
    message: string;
    title: string | null;
    path: string;
    line: number;
  }[];
  /** Why a run that has no jobs could not start. */
  startupLog: string | null;
  /** Whether the visitor may cancel and repeat. */
  mayOperate: boolean;
  nowMs: number;
}
