import type { WorkflowRun } from "../../hub/entity/workflow.ts";
import type { HubEvent } from "../../hub/hub-event.ts";
import type { Hub } from "../../hub/hub.ts";
import { IdTokenGrants } from "../../oidc/id-token-grants.ts";
import type { PayloadRegistry } from "../../webhooks/payload-registry.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { ActionsFiles } from "./actions-files.ts";
import { ConcurrencyGroups } from "./concurrency-groups.ts";
import { triggeringEvents } from "./describe-occurrence.ts";
import { dispatchWorkflow, type DispatchOutcome, type DispatchRequest } from "./dispatch-workflow.ts";
import { defaultSettings, type EngineServices, type EngineSettings } from "./engine-services.ts";
import { RunExecution } from "./execute-run.ts";
import { JobSlots } from "./job-slots.ts";
import { beginAttempt, completeRun } from "./record-run.ts";
import { recoverRuns } from "./recover-runs.ts";
import { earlierJobs, noEarlierJobs, type EarlierJobs, type RerunScope } from "./rerun-plan.ts";
import { setRepositoryVariable, type NewVariable } from "./repository-variables.ts";
import { runCommit } from "./run-context.ts";
import { triggerWorkflows, type Trigger } from "./trigger-workflows.ts";
import { readWorkflowFiles } from "./workflow-catalog.ts";
import { WorkerProcesses } from "./worker-processes.ts";

export type RerunOutcome = { ok: true; run: WorkflowRun } | { ok: false; problem: string };

export type CancelOutcome = "cancelling" | "completed";

const engines = new WeakMap<Hub, ActionsEngine>();

/** The engine that runs the workflows of a started forge. */
export function actionsOf(hub: Hub): ActionsEngine {
  const engine = engines.get(hub);
  if (engine === undefined) throw new Error("No engine runs the workflows of this hub");
  return engine;
}

/** GitHub Actions on this machine: events in, runs with their jobs, checks and logs out. */
export class ActionsEngine {
  readonly files: ActionsFiles;
  readonly idTokens = new IdTokenGrants();
  readonly #hub: Hub;
  readonly #payloads: PayloadRegistry;
  readonly #closing = new AbortController();
  readonly #executions = new Map<number, RunExecution>();
  /** Triggers of one repository are looked at in the order of their events. */
  readonly #triggers = new Map<number, Promise<void>>();
  #services: EngineServices;

  constructor(hub: Hub, payloads: PayloadRegistry) {
    this.#hub = hub;
    this.#payloads = payloads;
    this.files = new ActionsFiles(hub.directory);
    this.#services = {
      hub,
      files: this.files,
      settings: defaultSettings,
      groups: new ConcurrencyGroups(),
      slots: new JobSlots(defaultSettings.parallelJobs),
      workers: new WorkerProcesses(),
      idTokens: this.idTokens,
      closing: this.#closing.signal,
    };
    engines.set(hub, this);
  }

  /** Changes settings for the runs to come. */
  configure(settings: Partial<EngineSettings>): void {
    const complete = { ...this.#services.settings, ...settings };
    this.#services = { ...this.#services, settings: complete, slots: new JobSlots(complete.parallelJobs) };
  }

  setVariable(variable: NewVariable): void {
    setRepositoryVariable(this.#hub, variable);
  }

  /** Ends what an earlier forge left open, and listens for events from now on. */
  async start(): Promise<void> {
    await recoverRuns(this.#services);
    this.#hub.events.onCommitted((event) => this.#hear(event));
  }

  /** Ends all jobs at once. Their runs stay open in the records until a forge is started on them again. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#services.workers.close();
    await this.idle();
  }

  /** Waits until nothing runs and nothing is about to. */
  async idle(): Promise<void> {
    while (this.#triggers.size > 0 || this.#executions.size > 0) {
      await Promise.all([
        ...this.#triggers.values(),
        ...[...this.#executions.values()].map(({ done }) => done),
      ]);
    }
  }

  async dispatch(request: DispatchRequest): Promise<DispatchOutcome> {
    const outcome = await dispatchWorkflow(this.#services, this.#payloads, request);
    if (outcome.ok) this.#execute(outcome.triggered.run, outcome.triggered.workflow);
    return outcome;
  }

  cancel(runId: number): CancelOutcome {
    const execution = this.#executions.get(runId);
    execution?.cancel();
    return execution === undefined ? "completed" : "cancelling";
  }

  forceCancel(runId: number): CancelOutcome {
    const execution = this.#executions.get(runId);
    execution?.forceCancel();
    return execution === undefined ? "completed" : "cancelling";
  }

  /** Starts the next attempt of a finished run. */
  async rerun(runId: number, scope: RerunScope, triggeringActorId: number): Promise<RerunOutcome> {
    const run = this.#hub.store.workflowRuns.require(runId);
    if (run.status !== "completed") return { ok: false, problem: "This workflow is already running" };
    const repository = this.#hub.store.repositories.require(run.repositoryId);
    const files = await readWorkflowFiles(this.#hub, repository, runCommit(run));
    const parsed = files.find(({ path }) => path === run.path)?.parsed;
    if (parsed?.ok !== true)
      return { ok: false, problem: "The workflow run cannot be retried: its workflow file is broken" };
    const earlier = earlierJobs(this.#hub, run, { workflow: parsed.workflow, scope });
    const attempt = beginAttempt(this.#hub, run, triggeringActorId);
    this.#execute(attempt, parsed.workflow, earlier);
    return { ok: true, run: attempt };
  }

  #hear(event: HubEvent): void {
    if (this.#closing.signal.aborted || event.repositoryId === null) return;
    if (event.name === "check_run" && event.action === "rerequested")
      this.#rerunCheck(event.checkRunId, event.actor.accountId);
    if (event.name === "check_suite" && event.action === "rerequested")
      this.#rerunSuite(event.checkSuiteId, event.actor.accountId);
    if (!triggeringEvents.has(event.name)) return;
    const { repositoryId } = event;
    // Built now, from the state that the event is about; the workflow files are read a little later.
    const trigger: Trigger = { event: { ...event, repositoryId }, payload: this.#payloads.compose(event) };
    const before = this.#triggers.get(repositoryId) ?? Promise.resolve();
    const settled = before
      .then(() => this.#trigger(trigger))
      .finally(() => {
        if (this.#triggers.get(repositoryId) === settled) this.#triggers.delete(repositoryId);
      });
    this.#triggers.set(repositoryId, settled);
  }

  async #trigger(trigger: Trigger): Promise<void> {
    try {
      if (this.#closing.signal.aborted) return;
      const runs = await triggerWorkflows(this.#services, trigger);
      for (const { run, workflow } of runs) this.#execute(run, workflow);
    } catch (error) {
      console.error(`Looking for workflows of ${trigger.event.name} failed`, error);
    }
  }

  #execute(run: WorkflowRun, workflow: Workflow, earlier: EarlierJobs = noEarlierJobs): void {
    this.#services.workers.prepare();
    const execution = new RunExecution(this.#services, { run, workflow, earlier });
    this.#executions.set(run.id, execution);
    void execution.done
      .catch((error: unknown) => {
        console.error(`Run ${run.id} failed inside the forge`, error);
        completeRun(this.#hub, run.id, "failure");
      })
      .finally(() => this.#executions.delete(run.id));
  }

  #rerunCheck(checkRunId: number, actorId: number): void {
    const job = this.#hub.store.workflowJobs.get(checkRunId);
    if (job !== undefined) void this.rerun(job.runId, { kind: "job", job }, actorId);
  }

  #rerunSuite(checkSuiteId: number, actorId: number): void {
    const run = this.#hub.store.workflowRuns.findOne({ checkSuiteId });
    if (run !== undefined) void this.rerun(run.id, { kind: "all" }, actorId);
  }
}
