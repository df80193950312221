import type { Brand } from "./brand.ts";

/** `<repository id>-<issue number>-<generation>`: an issue that is labelled again after its task ended gets a new generation. */
export type TaskId = Brand<string, "TaskId">;
/** `<task id>.<ordinal>`: the ordinal counts all attempts of the task, from 1. */
export type AttemptId = Brand<string, "AttemptId">;
export type LeaseId = Brand<string, "LeaseId">;
/** GitHub's `X-GitHub-Delivery`, unique per event and the same on redelivery. */
export type DeliveryId = Brand<string, "DeliveryId">;
export type EffectId = Brand<string, "EffectId">;
/** The App's installation id: one tenant is one installation. */
export type TenantId = Brand<number, "TenantId">;

export function taskId(repositoryId: number, issueNumber: number, generation: number): TaskId {
  return `${repositoryId}-${issueNumber}-${generation}` as TaskId;
}

export function attemptId(task: TaskId, ordinal: number): AttemptId {
  return `${task}.${ordinal}` as AttemptId;
}

/** The task that an attempt belongs to. */
export function taskOfAttempt(attempt: AttemptId): TaskId {
  return attempt.slice(0, attempt.lastIndexOf(".")) as TaskId;
}
