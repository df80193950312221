import type { LeaseResponse } from "../contract/attempt-api.ts";
import type { Report } from "../contract/report.ts";
import type { Job } from "./job.ts";
import { makeFailure } from "./reporting/make-failure.ts";
import { redactReport } from "./reporting/fit-report.ts";
import { keepLease } from "./reporting/keep-lease.ts";
import { plainLine } from "./reporting/plain-line.ts";
import { createSessionLog, type SessionLog } from "./reporting/session-log.ts";
import { summarizeReport } from "./reporting/summarize-report.ts";
import { createStopControl, type StopControl } from "./session/stop-control.ts";
import { runSession } from "./session/run-session.ts";

/**
 * The job in which the agent works. It holds no token that can write: it claims the attempt's lease, lets the agent
 * work on a checkout, and hands the result to the server for the deliver job. Whatever goes wrong after the claim, a
 * report is sent.
 */
export async function runAgentJob(job: Job): Promise<void> {
  const { host, client } = job;
  host.setOutput("deliver", "false");
  const lease = await client.lease(await host.idToken(job.audience));
  if (!lease.ok) {
    host.fail(lease.error.message);
    return;
  }
  host.maskSecret(lease.value.token);
  job.redactor.add(lease.value.token);
  const report = redactReport(await work(job, lease.value), job.redactor);
  const answer = await client.report(lease.value.token, report);
  await host.summarize(summarizeReport(lease.value.briefing, report));
  if (!answer.ok) {
    host.fail(answer.error.message);
    return;
  }
  host.setOutput("deliver", String(answer.value.deliver));
  if (report.outcome === "failed") host.fail(report.failure.summary);
  if (report.outcome === "cancelled") host.warning("The attempt was stopped before it was done.");
}

async function work(job: Job, { token, briefing, snapshot }: LeaseResponse): Promise<Report> {
  const { host, timers, redactor } = job;
  const onLine = (line: string): void => {
    host.info(plainLine(line));
  };
  const log = createSessionLog({ timers, redactor, onLine });
  const stop = createStopControl({
    timers,
    subject: "The agent",
    timeoutMs: briefing.timeoutMs,
    cancelled: job.cancelled,
  });
  const keeper = keepLease({
    client: job.client,
    token,
    log,
    intervalMs: briefing.heartbeatMs,
    timers,
    onCancel: stop.cancel,
  });
  host.startGroup(`${briefing.role.name}: ${briefing.stage}, attempt ${briefing.attemptNumber}`);
  try {
    return await runSession(job, { token, snapshot, briefing, log, stop });
  } catch (cause) {
    return crashReport(log, stop, cause);
  } finally {
    stop.end();
    host.endGroup();
    await keeper.finish();
  }
}

/** What no agent is to blame for: the checkout, the disk, the network, or a bug here. */
function crashReport(log: SessionLog, stop: StopControl, cause: unknown): Report {
  if (stop.reason()?.kind === "cancelled") return { outcome: "cancelled" };
  const why = cause instanceof Error ? cause.message : String(cause);
  return {
    outcome: "failed",
    failure: makeFailure({ kind: "infrastructure", summary: why, logTail: log.tail() }),
  };
}
