import type { ChecksVerdict } from "./commands.ts";
import type { Task } from "./state.ts";

/** One check or commit status of somebody else on the commit. */
export type CheckSeen = {
  readonly name: string;
  readonly state: "pending" | "green" | "red";
  readonly logTail: string;
};

/**
 * What the checks of a commit say, taken together. Red once the suite that failed is over, so that the next attempt
 * hears of all its failures; green only when all that the policy demands is there, the verify command included.
 * @param suitesPending a check suite that has begun is not over, so more checks may come.
 * @param diff the work so far, for the failure's context.
 */
export function judgeChecks(
  task: Task,
  seen: { readonly checks: readonly CheckSeen[]; readonly suitesPending: boolean; readonly diff: string },
): ChecksVerdict {
  const { command, required } = task.policy.verify;
  const counted =
    required.length > 0 ? seen.checks.filter(({ name }) => required.includes(name)) : seen.checks;
  const red = counted.filter(({ state }) => state === "red");
  if (red.length > 0) {
    return seen.suitesPending
      ? { state: "pending", waitingFor: ["the rest of a red check suite"] }
      : { state: "red", failure: failureOf(red, seen.diff) };
  }
  const missing = required.filter((name) => !seen.checks.some((check) => check.name === name));
  const waitingFor = [
    ...counted.filter(({ state }) => state === "pending").map(({ name }) => name),
    ...missing,
    ...(seen.suitesPending && required.length === 0 ? ["a check suite"] : []),
    ...(command !== null && !verified(task) ? ["the verify command"] : []),
  ];
  if (counted.length === 0 && command === null && waitingFor.length === 0) return { state: "none" };
  if (waitingFor.length > 0) return { state: "pending", waitingFor };
  const names = [...counted.map(({ name }) => name), ...(command === null ? [] : ["the verify command"])];
  return { state: "green", names };
}

function verified(task: Task): boolean {
  return task.verification !== null && task.verification.sha === task.headSha && task.verification.passed;
}

function failureOf(red: readonly { readonly name: string; readonly logTail: string }[], diff: string) {
  const names = red.map(({ name }) => name);
  const logTail = red.map((check) => `== ${check.name}\n${check.logTail}`).join("\n\n");
  return {
    kind: "checks" as const,
    summary: `${names.join(", ")} ${names.length === 1 ? "is" : "are"} red.`,
    failingTests: failingTests(logTail),
    logTail: logTail.slice(-20_000),
    diff: diff.slice(0, 60_000),
  };
}

/**
 * Names of failing tests, as the common runners print them: TAP (`not ok 3 - name`), node's spec reporter and Mocha
 * (`✖ name`), Jest and Vitest (`✕ name`, `FAIL path > name`), pytest (`FAILED path::name`), Go (`--- FAIL: name`),
 * cargo (`test name ... FAILED`).
 */
function failingTests(log: string): string[] {
  const patterns = [
    /^\s*not ok \d+ - (.+?)(?: # .*)?$/,
    /^\s*[✖✕×✗] (.+?)(?: \([\d.]+ ?m?s\))?$/,
    /^\s*FAIL\s+(\S.*)$/,
    /^FAILED (\S+::\S+)/,
    /^\s*--- FAIL: (\S+)/,
    /^test (\S+) \.\.\. FAILED$/,
  ];
  const found = new Set<string>();
  for (const line of log.split("\n")) {
    const name = patterns.map((pattern) => pattern.exec(line)?.[1]).find((match) => match !== undefined);
    if (name && !/^failing tests:?$/.test(name)) found.add(name.slice(0, 500));
    if (found.size === 200) break;
  }
  return [...found];
}
