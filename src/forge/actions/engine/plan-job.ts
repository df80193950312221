import { ExpressionProblem, isTruthy, type ExpressionScope } from "../expression/evaluate-expression.ts";
import { evaluateTemplate, hasExpression, interpolate, type Template } from "../expression/interpolate.ts";
import { matrixSuffix, type MatrixCell } from "../workflow/expand-matrix.ts";
import { asMapping, asText } from "../workflow/template-value.ts";
import type { JobDefinition } from "../workflow/workflow.ts";

/** A job, or one cell of its matrix, with everything evaluated that is settled before it gets a runner. */
export interface JobPlan {
  definition: JobDefinition;
  name: string;
  labels: string[];
  environment: string | null;
  timeoutMinutes: number;
  continueOnError: boolean;
  concurrency: ConcurrencyWish | null;
  matrix: MatrixCell | null;
  strategy: Record<string, unknown>;
  /** Why the job cannot run; empty when it can. */
  refusals: string[];
}

export interface ConcurrencyWish {
  group: string;
  cancelInProgress: boolean;
}

export interface PlanRequest {
  definition: JobDefinition;
  matrix: MatrixCell | null;
  strategy: Record<string, unknown>;
  /** `github`, `inputs`, `vars` and `needs`. */
  contexts: Record<string, unknown>;
}

/** GitHub's default for `timeout-minutes` of a job. */
const defaultTimeoutMinutes = 360;

export function planJob({ definition, matrix, strategy, contexts }: PlanRequest): JobPlan {
  const scope: ExpressionScope = { contexts: { ...contexts, matrix, strategy } };
  const refusals = definition.unsupported.map((feature) => `The forge does not support ${feature}.`);
  const settle = <T>(evaluate: () => T, fallback: T): T => {
    try {
      return evaluate();
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error;
      refusals.push(error.message);
      return fallback;
    }
  };
  const labels = settle(() => runnerLabels(evaluateTemplate(definition.runsOn, scope)), []);
  refusals.push(...refusedLabels(labels));
  const wish = settle(() => concurrencyWish(definition.concurrency, scope), null);
  if (asMapping(definition.concurrency)["queue"] === "max") {
    refusals.push("The forge does not support `concurrency.queue: max`.");
  }
  return {
    definition,
    name: settle(() => jobName(definition, matrix, scope), definition.key),
    labels,
    environment: settle(() => environmentName(definition.environment, scope), null),
    timeoutMinutes: settle(
      () => Number(evaluateTemplate(definition.timeoutMinutes, scope)) || defaultTimeoutMinutes,
      defaultTimeoutMinutes,
    ),
    continueOnError: settle(() => isTruthy(evaluateTemplate(definition.continueOnError, scope)), false),
    concurrency: wish,
    matrix,
    strategy,
    refusals,
  };
}

/** `concurrency:` of a workflow or a job: a group, or a mapping with one. */
export function concurrencyWish(template: Template, scope: ExpressionScope): ConcurrencyWish | null {
  const value = evaluateTemplate(template, scope) as Template;
  const mapping = asMapping(value);
  const group = asText(mapping["group"] ?? value);
  if (group === "") return null;
  const cancel = mapping["cancel-in-progress"];
  return { group, cancelInProgress: cancel === true || cancel === "true" };
}

function jobName(definition: JobDefinition, matrix: MatrixCell | null, scope: ExpressionScope): string {
  const suffix = matrix === null || hasExpression(definition.name) ? "" : matrixSuffix(matrix);
  return `${interpolate(definition.name, scope) || definition.key}${suffix}`;
}

function environmentName(template: Template, scope: ExpressionScope): string | null {
  return interpolate(asMapping(template)["name"] ?? asText(template), scope) || null;
}

/** `runs-on:` is a label, a list of labels, or a mapping with a group and labels. */
function runnerLabels(value: unknown): string[] {
  const labels = asMapping(value)["labels"] ?? value;
  return (Array.isArray(labels) ? labels : [labels])
    .map((label) => asText(label as Template))
    .filter((label) => label !== "");
}

const systems: readonly [label: RegExp, platform: NodeJS.Platform][] = [
  [/^(windows|win)/i, "win32"],
  [/^macos/i, "darwin"],
  [/^(ubuntu|linux)/i, "linux"],
];

/** Any label is taken that does not ask for another operating system than this machine's. */
function refusedLabels(labels: string[]): string[] {
  return labels.flatMap((label) => {
    const platform = systems.find(([pattern]) => pattern.test(label))?.[1];
    if (platform === undefined || platform === process.platform) return [];
    return [
      `The forge has no runner for '${label}': it runs jobs on this machine, which is ${process.platform}.`,
    ];
  });
}
