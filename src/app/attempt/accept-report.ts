import { hash } from "node:crypto";
import type { AttemptId } from "../../base/ids.ts";
import type { Result } from "../../base/result.ts";
import { ok } from "../../base/result.ts";
import type { ReportResponse } from "../../contract/attempt-api.ts";
import { priceUsage } from "../../contract/cost/price-usage.ts";
import type { Report } from "../../contract/report.ts";
import type { Usage } from "../../contract/usage.ts";
import type { AttemptReport } from "../../core/task/commands.ts";
import { eventsOf } from "../../core/task/events.ts";
import type { AttemptUsage, Task } from "../../core/task/state.ts";
import { changeTask } from "../change-task.ts";
import type { AppContext } from "../context.ts";
import type { ApiProblem } from "./exchange.ts";
import { problem } from "./exchange.ts";
import { findHolder } from "./hold-lease.ts";

export async function acceptBundle(
  context: AppContext,
  asked: { readonly attempt: AttemptId; readonly token: string; readonly bundle: Uint8Array },
): Promise<Result<null, ApiProblem>> {
  const holder = await findHolder(context, asked);
  if (!holder.ok) return holder;
  if (!holder.value.holds) return problem("lease-over", "The lease is over: the bundle is not taken.");
  await context.store.attempts.saveBundle(asked.attempt, asked.bundle);
  return ok(null);
}

/** Takes an attempt's report. The same report sent again, because its answer was lost, is answered as before. */
export async function acceptReport(
  context: AppContext,
  asked: { readonly attempt: AttemptId; readonly token: string; readonly report: Report },
): Promise<Result<ReportResponse, ApiProblem>> {
  const holder = await findHolder(context, asked);
  if (!holder.ok) return holder;
  const { lease, task, holds } = holder.value;
  if (!holds) return answerAgain(context, asked.attempt, task, lease);
  const { report } = asked;
  if (report.outcome === "done" && report.bundle !== undefined) {
    const bundle = await context.store.attempts.loadBundle(asked.attempt);
    if (!bundle) return problem("bundle-missing", "The report names a bundle that was not uploaded.");
    if (hash("sha256", bundle, "hex") !== report.bundle) {
      return problem("bundle-differs", "The uploaded bundle is not the one that the report names.");
    }
  }
  const changed = await changeTask(context, {
    task: task.id,
    actor: "baton",
    cause: `lease:${lease}`,
    commands: [
      { type: "report-attempt", lease, report: withoutAbsent(report), usage: priced(report.usage ?? null) },
    ],
    settled: { kind: "none" },
  });
  const [decision] = changed.decisions;
  if (decision?.ok === false) return problem("lease-over", decision.error.message);
  if (report.outcome === "done") await dropSnapshots(context, task, asked.attempt);
  return ok({ deliver: isDelivering(changed.task, asked.attempt) });
}

/** Nothing is left to go on with. */
async function dropSnapshots(context: AppContext, before: Task, attempt: AttemptId): Promise<void> {
  await context.store.attempts.dropSnapshots([...(before.unfinished?.attempts ?? []), attempt]);
}

async function answerAgain(
  context: AppContext,
  attempt: AttemptId,
  task: Task,
  lease: string,
): Promise<Result<ReportResponse, ApiProblem>> {
  const history = await context.store.tasks.history(task.id);
  const reported = eventsOf(history).some(
    ({ event }) => event.type === "LeaseEnded" && event.lease === lease && event.why === "finished",
  );
  if (!reported) return problem("lease-over", "The lease is over: the report is not taken.");
  return ok({ deliver: isDelivering(task, attempt) });
}

function isDelivering(task: Task | null, attempt: AttemptId): boolean {
  return task?.phase.kind === "delivering" && task.phase.attempt.id === attempt;
}

/** The core's report has null where the wire has nothing, and what was used stands beside it. */
function withoutAbsent(report: Report): AttemptReport {
  switch (report.outcome) {
    case "done":
      return {
        outcome: "done",
        summary: report.summary,
        bundle: report.bundle ?? null,
        plan: report.plan ?? null,
        verdict: report.verdict ?? null,
      };
    case "failed":
      return { outcome: "failed", failure: report.failure };
    case "question":
      return { outcome: "question", question: report.question };
    case "cancelled":
      return { outcome: "cancelled" };
  }
}

/** Priced when it is reported, so that the record keeps what it cost then. */
function priced(usage: Usage | null): AttemptUsage | null {
  return (
    usage && {
      model: usage.model,
      inputTokens: usage.inputTokens,
      cacheReadTokens: usage.cacheReadInputTokens,
      cacheWriteTokens: usage.cacheCreationInputTokens,
      outputTokens: usage.outputTokens,
      ...priceUsage(usage),
      reportedMicroUsd: usage.costMicroUsd,
    }
  );
}
