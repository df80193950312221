import type { WorkflowJob, WorkflowRun } from "../../hub/entity/workflow.ts";
import { evaluateExpression, ExpressionProblem, isTruthy } from "../expression/evaluate-expression.ts";
import { evaluateTemplate } from "../expression/interpolate.ts";
import { expandMatrix, maxMatrixCells, type MatrixCell } from "../workflow/expand-matrix.ts";
import { asMapping } from "../workflow/template-value.ts";
import type { JobDefinition, Workflow } from "../workflow/workflow.ts";
import type { EngineServices } from "./engine-services.ts";
import { createJobControl, executeJob, type JobControl } from "./execute-job.ts";
import {
  ancestorsOf,
  combineResults,
  jobStatusFunctions,
  runConclusion,
  type JobResult,
} from "./job-results.ts";
import { JobSlots } from "./job-slots.ts";
import { writeStartupLog } from "./job-logs.ts";
import { concurrencyWish, planJob, type ConcurrencyWish, type JobPlan } from "./plan-job.ts";
import { insertSkippedJob } from "./record-job.ts";
import { completeRun, markCancelRequested, markRunPending } from "./record-run.ts";
import { repositoryVariables } from "./repository-variables.ts";
import type { EarlierJobs } from "./rerun-plan.ts";
import { githubContext } from "./run-context.ts";

export interface RunRequest {
  run: WorkflowRun;
  workflow: Workflow;
  /** Jobs of an earlier attempt that need not run again. */
  earlier: EarlierJobs;
}

/** One attempt of a run, from its concurrency group to its conclusion. */
export class RunExecution {
  readonly done: Promise<void>;
  readonly #services: EngineServices;
  readonly #request: RunRequest;
  readonly #definitions: ReadonlyMap<string, JobDefinition>;
  readonly #results = new Map<string, Promise<JobResult>>();
  readonly #settled = new Map<string, JobResult>();
  readonly #active = new Map<JobControl, JobDefinition>();
  readonly #waiting = new AbortController();
  #group: string | null = null;
  #cancelled = false;

  constructor(services: EngineServices, request: RunRequest) {
    this.#services = services;
    this.#request = request;
    this.#definitions = new Map(request.workflow.jobs.map((job) => [job.key, job]));
    this.done = this.#execute();
  }

  /** Stops what its condition does not let go on after a cancellation. */
  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#waiting.abort();
    markCancelRequested(this.#services.hub, this.#request.run.id);
    for (const [control, definition] of this.#active) {
      if (this.#conditionHolds(definition)) continue;
      control.waiting.abort();
      control.cancelWorker?.();
    }
  }

  /** Stops everything at once, conditions or not. */
  forceCancel(): void {
    this.cancel();
    for (const control of this.#active.keys()) {
      control.waiting.abort();
      control.killWorker?.();
    }
  }

  async #execute(): Promise<void> {
    const { hub, closing } = this.#services;
    const { run, workflow } = this.#request;
    let wish: ConcurrencyWish | null;
    try {
      wish = concurrencyWish(workflow.concurrency, { contexts: this.#contexts() });
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error;
      return this.#failAtOnce(error.message);
    }
    const leave = await this.#enterGroup(wish);
    try {
      const keys = workflow.jobs.map((job) => job.key);
      if (leave === null) this.#cancelled = true;
      const results = leave === null ? [] : await Promise.all(keys.map((key) => this.#result(key)));
      if (closing.aborted) return;
      completeRun(hub, run.id, leave === null ? "cancelled" : runConclusion(results, this.#cancelled));
    } finally {
      leave?.();
    }
  }

  /** @returns null when the run was cancelled instead */
  async #enterGroup(wish: ConcurrencyWish | null): Promise<(() => void) | null> {
    const { groups, hub } = this.#services;
    const { run } = this.#request;
    if (wish === null) return () => undefined;
    const { repositoryId } = run;
    this.#group = wish.group;
    if (groups.isHeld(repositoryId, wish.group)) markRunPending(hub, run.id);
    const claim = { ...wish, repositoryId, onPreempted: () => this.cancel() };
    const place = await groups.enter(claim, this.#waiting.signal);
    return place.kind === "entered" ? place.leave : null;
  }

  /** Ends a run that cannot have jobs, with the reason where its page shows it. */
  #failAtOnce(problem: string): void {
    const { hub, files } = this.#services;
    const { id } = this.#request.run;
    writeStartupLog(files, { id, at: hub.date() }, [problem]);
    completeRun(hub, id, "failure");
  }

  /** The result of a job, which runs when it is first asked for and its needs are there. */
  #result(key: string): Promise<JobResult> {
    const known = this.#results.get(key);
    if (known !== undefined) return known;
    const definition = this.#definitions.get(key);
    if (definition === undefined) throw new Error(`The workflow has no job ${key}`);
    const result = this.#runDefinition(definition);
    this.#results.set(key, result);
    return result;
  }

  async #runDefinition(definition: JobDefinition): Promise<JobResult> {
    await Promise.all(definition.needs.map((need) => this.#result(need)));
    const result = await this.#runCells(definition);
    this.#settled.set(definition.key, result);
    return result;
  }

  async #runCells(definition: JobDefinition): Promise<JobResult> {
    if (this.#services.closing.aborted) return { result: "cancelled", outputs: {} };
    let plans: JobPlan[];
    try {
      if (!this.#conditionHolds(definition)) return this.#skip(definition);
      plans = this.#planCells(definition);
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error;
      const plan = planJob({ definition, matrix: null, strategy: {}, contexts: this.#contexts(definition) });
      plans = [{ ...plan, refusals: [error.message] }];
    }
    const strategy = evaluateTemplate(definition.strategy, { contexts: this.#contexts(definition) });
    const failFast = asMapping(strategy)["fail-fast"] !== false;
    const parallel = new JobSlots(Number(asMapping(strategy)["max-parallel"]) || Number.POSITIVE_INFINITY);
    const siblings = new Set<JobControl>();
    const cells = plans.map(async (plan) => {
      const result = await this.#runCell(plan, { parallel, siblings });
      if (result.result === "failure" && failFast) cancelAll(siblings);
      return result;
    });
    return combineResults(await Promise.all(cells));
  }

  async #runCell(
    plan: JobPlan,
    { parallel, siblings }: { parallel: JobSlots; siblings: Set<JobControl> },
  ): Promise<JobResult> {
    const { run, workflow, earlier } = this.#request;
    const { definition } = plan;
    const reused = earlier.find(definition.key, plan.name);
    if (reused !== undefined) return { result: "success", outputs: reused.outputs };
    const control = createJobControl();
    this.#active.set(control, definition);
    siblings.add(control);
    const release = await parallel.take(control.waiting.signal);
    try {
      if (this.#services.closing.aborted) return { result: "cancelled", outputs: {} };
      const needs = this.#needs(definition);
      const request = { run, workflow, plan, needs, runGroup: this.#group, control };
      return resultOf(await executeJob(this.#services, request), plan);
    } finally {
      release?.();
      siblings.delete(control);
      this.#active.delete(control);
    }
  }

  #planCells(definition: JobDefinition): JobPlan[] {
    const contexts = this.#contexts(definition);
    const strategy = asMapping(evaluateTemplate(definition.strategy, { contexts }));
    const matrices: (MatrixCell | null)[] =
      strategy["matrix"] == null ? [null] : expandMatrix(asMapping(strategy["matrix"]));
    if (matrices.length === 0) throw new ExpressionProblem("Matrix vector does not contain any values");
    if (matrices.length > maxMatrixCells) {
      throw new ExpressionProblem(`The matrix makes ${matrices.length} jobs; the limit is ${maxMatrixCells}`);
    }
    return matrices.map((matrix, index) => {
      const about = {
        "fail-fast": strategy["fail-fast"] !== false,
        "job-index": index,
        "job-total": matrices.length,
        "max-parallel": Number(strategy["max-parallel"]) || matrices.length,
      };
      return planJob({ definition, matrix, strategy: about, contexts });
    });
  }

  #conditionHolds(definition: JobDefinition): boolean {
    const ancestors = new Map(
      [...ancestorsOf(definition, this.#definitions)].flatMap((key) => {
        const result = this.#settled.get(key);
        return result === undefined ? [] : [[key, result] as const];
      }),
    );
    const functions = jobStatusFunctions(ancestors, this.#cancelled);
    return isTruthy(evaluateExpression(definition.if, { contexts: this.#contexts(definition), functions }));
  }

  #skip(definition: JobDefinition): JobResult {
    const { hub } = this.#services;
    const { run } = this.#request;
    const plan = planJob({ definition, matrix: null, strategy: {}, contexts: this.#contexts(definition) });
    const { name, labels, environment } = plan;
    insertSkippedJob(hub, { run, key: definition.key, name, labels, environment, permissions: {} });
    return { result: this.#cancelled ? "cancelled" : "skipped", outputs: {} };
  }

  #contexts(definition?: JobDefinition): Record<string, unknown> {
    const { hub } = this.#services;
    const { run } = this.#request;
    return {
      github: githubContext(hub, run),
      inputs: run.inputs,
      vars: repositoryVariables(hub, run.repositoryId, "variable"),
      ...(definition !== undefined && { needs: this.#needs(definition) }),
    };
  }

  #needs(definition: JobDefinition): Record<string, JobResult | undefined> {
    return Object.fromEntries(definition.needs.map((need) => [need, this.#settled.get(need)]));
  }
}

function resultOf(job: WorkflowJob, plan: JobPlan): JobResult {
  const { conclusion, outputs } = job;
  if (conclusion === "success") return { result: "success", outputs };
  if (conclusion === "cancelled" || conclusion === null) return { result: "cancelled", outputs };
  return { result: plan.continueOnError ? "success" : "failure", outputs };
}

function cancelAll(siblings: Iterable<JobControl>): void {
  for (const control of siblings) {
    control.waiting.abort();
    control.cancelWorker?.();
  }
}
