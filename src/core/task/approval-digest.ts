import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "../canonical-json.ts";
import { type Gate, STAGES, type Task } from "./state.ts";

/**
 * All that a yes at a gate covers. Two states with the same subject may share an approval; any difference voids it.
 * The keys are the words that people read when it does.
 */
export function approvalSubject(task: Task, gate: Gate): { readonly [part: string]: unknown } {
  return {
    gate,
    "issue title": task.issue.title,
    "issue body": task.issue.body,
    plan: task.plan,
    policy: task.policy.digest,
    "base commit": task.baseSha,
    harness: harnessesOf(task),
    ...budgetsOf(task),
    "path scope": task.policy.scope,
    ...(gate === "merge" ? { "head commit": task.headSha } : {}),
  };
}

/** SHA-256 (hex) of the subject as canonical JSON (RFC 8785). */
export function approvalDigest(task: Task, gate: Gate): string {
  const last = lastDigests[gate].get(task.issue);
  if (last && isSameSubject(last.of, task, gate)) return last.digest;
  const digest = bytesToHex(sha256(utf8ToBytes(canonicalJson(approvalSubject(task, gate)))));
  lastDigests[gate].set(task.issue, { of: task, digest });
  return digest;
}

/**
 * Every decision asks for the digest, most of them for the same one, and it took longer than all the rest of them. A
 * state is never changed in place, so that what is the same object has the same content.
 */
const lastDigests: { readonly [Name in Gate]: WeakMap<Task["issue"], { of: Task; digest: string }> } = {
  plan: new WeakMap(),
  merge: new WeakMap(),
};

function isSameSubject(before: Task, after: Task, gate: Gate): boolean {
  return (
    before.plan === after.plan &&
    before.policy === after.policy &&
    before.baseSha === after.baseSha &&
    (gate === "plan" || before.headSha === after.headSha)
  );
}

/** The parts of the subject that differ between two states, in people's words. */
export function changedParts(before: Task, after: Task, gate: Gate): string[] {
  const was = approvalSubject(before, gate);
  const is = approvalSubject(after, gate);
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (part) => canonicalJson(was[part] ?? null) !== canonicalJson(is[part] ?? null),
  );
}

/** In the order of the stages: a state that was folded from the record has the policy's keys in another one. */
function harnessesOf(task: Task): unknown {
  return STAGES.map((stage) => {
    const { harness } = task.policy.stages[stage];
    return [stage, harness.name, harness.model];
  });
}

/** Named only where there is one, so that yeses which were given before there were budgets go on to count. */
function budgetsOf(task: Task): { readonly budget?: unknown } {
  const budgets = STAGES.flatMap((stage) => {
    const { limits } = task.policy.stages[stage];
    return limits?.budgetMicroUsd == null ? [] : [[stage, limits.budgetMicroUsd]];
  });
  return budgets.length === 0 ? {} : { budget: budgets };
}
