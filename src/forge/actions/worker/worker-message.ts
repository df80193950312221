import type { JobAssignment } from "./job-assignment.ts";

export type MessageToWorker =
  | { kind: "assign"; assignment: JobAssignment }
  | { kind: "cancel" }
  | { kind: "answer"; id: number; answer: ForgeAnswer };

export type MessageFromWorker =
  | { kind: "steps"; steps: StepReport[] }
  | { kind: "annotation"; annotation: AnnotationReport }
  | { kind: "ask"; id: number; question: ForgeQuestion }
  | { kind: "finished"; conclusion: JobConclusion; outputs: Record<string, string> };

export type JobConclusion = "success" | "failure" | "cancelled";

export type StepConclusion = JobConclusion | "skipped";

export interface StepReport {
  number: number;
  name: string;
  status: "queued" | "in_progress" | "completed";
  conclusion: StepConclusion | null;
}

export interface AnnotationReport {
  level: "notice" | "warning" | "failure";
  message: string;
  title: string | null;
  path: string;
  startLine: number;
  endLine: number;
  startColumn: number | null;
  endColumn: number | null;
}

/** What only the forge knows or keeps, asked for by the worker. */
export type ForgeQuestion =
  | { ask: "place-action"; repository: string; ref: string; directory: string }
  | { ask: "save-artifact"; name: string; zipFile: string; retentionDays: number; overwrite: boolean }
  | { ask: "list-artifacts" };

export type ForgeAnswer = { ok: true; value: unknown } | { ok: false; reason: string };

export interface SavedArtifact {
  id: number;
  url: string;
  digest: string;
  sizeBytes: number;
}

export interface ListedArtifact {
  id: number;
  name: string;
  zipFile: string;
  digest: string;
}
