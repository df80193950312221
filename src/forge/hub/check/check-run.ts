import type { CheckAnnotation, CheckConclusion, CheckRun, CheckStatus, CheckSuite } from "../entity/check.ts";
import type { Repository } from "../entity/repository.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { ensureCheckSuite } from "./check-suite.ts";
import { rollUpSuite } from "./roll-up-suite.ts";

export interface CheckRunFields {
  name?: string;
  externalId?: string;
  detailsUrl?: string | null;
  status?: CheckStatus;
  conclusion?: CheckConclusion | null;
  startedAt?: string;
  completedAt?: string;
  output?: { title: string | null; summary: string | null; text: string | null };
  /** Added to those that the run has. */
  annotations?: readonly CheckAnnotation[];
  actions?: CheckRun["actions"];
}

export interface NewCheckRun {
  repository: Repository;
  actor: Actor;
  appId: number;
  headSha: string;
  name: string;
  fields?: Omit<CheckRunFields, "name">;
  /** For the few suites that are not the App's own on the commit: each workflow run has one. */
  suite?: CheckSuite;
}

/** Creates a check run in the suite of its App on the commit. */
export function createCheckRun(hub: Hub, request: NewCheckRun): CheckRun {
  const { repository, actor, appId, headSha, name, fields = {} } = request;
  return hub.change(() => {
    const suite = request.suite ?? ensureCheckSuite(hub, { repository, appId, headSha });
    const blank = {
      repositoryId: repository.id,
      suiteId: suite.id,
      appId,
      name,
      headSha,
      externalId: "",
      detailsUrl: null,
      status: "queued",
      conclusion: null,
      startedAt: null,
      completedAt: null,
      output: { title: null, summary: null, text: null, annotations: [] },
      actions: [],
    } satisfies Omit<CheckRun, "id">;
    const run = hub.store.checkRuns.insert({ ...blank, ...merged(hub, blank, fields) });
    emit(hub, { run, actor, action: "created" });
    if (run.status === "completed") emit(hub, { run, actor, action: "completed" });
    settleSuite(hub, { suiteId: suite.id, actor });
    return run;
  });
}

export interface CheckRunUpdate {
  run: CheckRun;
  actor: Actor;
  fields: CheckRunFields;
}

/** Only completion is reported; GitHub is silent about other progress. */
export function updateCheckRun(hub: Hub, { run, actor, fields }: CheckRunUpdate): CheckRun {
  return hub.change(() => {
    const updated = hub.store.checkRuns.update(run.id, merged(hub, run, fields));
    if (run.status !== "completed" && updated.status === "completed") {
      emit(hub, { run: updated, actor, action: "completed" });
    }
    settleSuite(hub, { suiteId: run.suiteId, actor });
    return updated;
  });
}

/** A person asks for the check to be made again. What follows is up to the App. */
export function rerequestCheckRun(hub: Hub, { run, actor }: { run: CheckRun; actor: Actor }): void {
  emit(hub, { run, actor, action: "rerequested" });
}

/** A person presses one of the buttons that the App put under its check. */
export function requestCheckAction(
  hub: Hub,
  { run, actor, identifier }: { run: CheckRun; actor: Actor; identifier: string },
): void {
  hub.emit({
    name: "check_run",
    action: "requested_action",
    repositoryId: run.repositoryId,
    actor,
    checkRunId: run.id,
    requestedActionIdentifier: identifier,
  });
}

export function rerequestCheckSuite(hub: Hub, { suite, actor }: { suite: CheckSuite; actor: Actor }): void {
  hub.change(() => {
    hub.store.checkSuites.update(suite.id, { status: "queued", conclusion: null, updatedAt: hub.now() });
    const { id: checkSuiteId, repositoryId } = suite;
    hub.emit({ name: "check_suite", action: "rerequested", repositoryId, actor, checkSuiteId });
  });
}

/** The newest run of each name in a suite, or all of them. */
export function newestRuns(runs: readonly CheckRun[]): CheckRun[] {
  const newest = new Map(runs.map((run) => [`${run.suiteId} ${run.name}`, run.id]));
  return runs.filter((run) => newest.get(`${run.suiteId} ${run.name}`) === run.id);
}

type RunState = Pick<CheckRun, "status" | "conclusion" | "startedAt" | "completedAt" | "output">;

function merged(hub: Hub, current: RunState, fields: CheckRunFields): Partial<CheckRun> {
  const { annotations = [], output, startedAt, ...plain } = fields;
  const kept = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  return {
    ...kept,
    ...progress(hub, current, fields),
    startedAt: startedAt ?? current.startedAt ?? hub.now(),
    output: {
      ...current.output,
      ...output,
      annotations: [...current.output.annotations, ...annotations],
    },
  };
}

/** A conclusion completes a run, and any other status opens it again. */
function progress(hub: Hub, current: RunState, fields: CheckRunFields): Partial<CheckRun> {
  if (fields.conclusion != null) {
    return {
      status: "completed",
      conclusion: fields.conclusion,
      completedAt: fields.completedAt ?? hub.now(),
    };
  }
  if (fields.status === undefined || fields.status === "completed") {
    return { status: current.status, conclusion: current.conclusion, completedAt: current.completedAt };
  }
  return { status: fields.status, conclusion: null, completedAt: null };
}

function settleSuite(hub: Hub, { suiteId, actor }: { suiteId: number; actor: Actor }): void {
  const suite = hub.store.checkSuites.require(suiteId);
  const state = rollUpSuite(hub.store.checkRuns.find({ suiteId }));
  if (state.status === suite.status && state.conclusion === suite.conclusion) return;
  hub.store.checkSuites.update(suiteId, { ...state, updatedAt: hub.now() });
  if (state.status !== "completed") return;
  const { repositoryId } = suite;
  hub.emit({ name: "check_suite", action: "completed", repositoryId, actor, checkSuiteId: suiteId });
}

function emit(
  hub: Hub,
  { run, actor, action }: { run: CheckRun; actor: Actor; action: "created" | "completed" | "rerequested" },
): void {
  hub.emit({ name: "check_run", action, repositoryId: run.repositoryId, actor, checkRunId: run.id });
}
