import type { CheckConclusion } from "../../hub/entity/check.ts";
import type { JobDefinition } from "../workflow/workflow.ts";

/** How a job under `jobs:`, all cells of its matrix together, came out. */
export interface JobResult {
  /** As `needs.<job>.result` tells it: a tolerated failure counts as success. */
  result: "success" | "failure" | "cancelled" | "skipped";
  outputs: Record<string, string>;
}

/** Failure before cancellation before success; a matrix without cells is skipped. */
export function combineResults(cells: readonly JobResult[]): JobResult {
  const outputs = Object.assign({}, ...cells.map((cell) => cell.outputs)) as Record<string, string>;
  const order = ["failure", "cancelled", "success"] as const;
  const result = order.find((candidate) => cells.some((cell) => cell.result === candidate));
  return { result: result ?? "skipped", outputs };
}

/** Status functions of a job's `if`, which look at all jobs before it and not only at those it names. */
export function jobStatusFunctions(
  ancestors: ReadonlyMap<string, JobResult>,
  isCancelled: boolean,
): Record<string, (...names: unknown[]) => boolean> {
  const results = (names: unknown[]): JobResult["result"][] => {
    const wanted = names.map((name) => String(name).toLowerCase());
    return [...ancestors]
      .filter(([key]) => wanted.length === 0 || wanted.includes(key.toLowerCase()))
      .map(([, { result }]) => result);
  };
  return {
    always: () => true,
    cancelled: () => isCancelled,
    success: (...names) => !isCancelled && results(names).every((result) => result === "success"),
    failure: (...names) => !isCancelled && results(names).includes("failure"),
  };
}

/** Every job that a job depends on, through others too. */
export function ancestorsOf(job: JobDefinition, jobs: ReadonlyMap<string, JobDefinition>): Set<string> {
  const found = new Set<string>();
  const visit = (key: string): void => {
    if (found.has(key)) return;
    found.add(key);
    for (const need of jobs.get(key)?.needs ?? []) visit(need);
  };
  for (const need of job.needs) visit(need);
  return found;
}

export function runConclusion(results: readonly JobResult[], isCancelled: boolean): CheckConclusion {
  const has = (wanted: JobResult["result"]): boolean => results.some(({ result }) => result === wanted);
  if (isCancelled && has("cancelled")) return "cancelled";
  if (has("failure")) return "failure";
  if (has("cancelled")) return "cancelled";
  return has("success") ? "success" : "skipped";
}
