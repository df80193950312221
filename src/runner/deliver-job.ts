import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import type { DeliveryResponse, DeliveryResult } from "../contract/attempt-api.ts";
import { startCommit } from "./briefing/start-commit.ts";
import { inspectWork } from "./delivery/inspect-work.ts";
import { pushWork } from "./delivery/push-work.ts";
import { squashWork } from "./delivery/squash-work.ts";
import { unpackBundle } from "./git/bundle.ts";
import { START_REF } from "./git/prepare-work-tree.ts";
import { fetchCommits } from "./git/remote.ts";
import type { Job } from "./job.ts";
import { makeFailure } from "./reporting/make-failure.ts";
import { createWorkspace } from "./workspace.ts";

/**
 * The job that pushes. It runs on a machine where no agent ran, believes nothing that the agent's job said, and looks
 * at the bundle itself: what it changes, and whether the rules allow that. Running it twice pushes once.
 */
export async function runDeliverJob(job: Job): Promise<void> {
  const { host, client } = job;
  const delivery = await client.delivery(await host.idToken(job.audience));
  if (!delivery.ok) {
    host.fail(delivery.error.message);
    return;
  }
  for (const secret of [delivery.value.token, delivery.value.pushToken]) {
    host.maskSecret(secret);
    job.redactor.add(secret);
  }
  const result = redactResult(job, await deliver(job, delivery.value));
  const answer = await client.reportDelivery(delivery.value.token, result);
  await host.summarize(summarize(delivery.value, result));
  if (!answer.ok) {
    host.fail(answer.error.message);
  } else if (result.outcome === "refused") {
    host.fail(result.failure.summary);
  } else {
    host.info(`Pushed ${result.headSha} to ${delivery.value.briefing.branch}.`);
  }
}

async function deliver(job: Job, delivery: DeliveryResponse): Promise<DeliveryResult> {
  try {
    return await checkAndPush(job, delivery);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return refused("infrastructure", `The work could not be delivered: ${why}`);
  }
}

async function checkAndPush(job: Job, delivery: DeliveryResponse): Promise<DeliveryResult> {
  const { briefing } = delivery;
  const bundle = await job.client.downloadBundle(delivery.token);
  if (!bundle.ok) return refused("infrastructure", bundle.error.message);
  if (createHash("sha256").update(bundle.value).digest("hex") !== delivery.bundleSha256) {
    return refused(
      "scope",
      "The bundle is not the one that the agent's report named, so nothing was pushed.",
    );
  }
  const { place, bundleFile } = await createWorkspace(job.tempDir, job.env["PATH"] ?? "");
  await writeFile(bundleFile, bundle.value);
  const startSha = startCommit(briefing);
  const remote = job.remoteOf(briefing.repository);
  const commits = [{ sha: startSha, ref: START_REF }];
  await fetchCommits(place, remote, { commits, depth: 1, timers: job.timers });
  const headSha = await unpackBundle(place, bundleFile, startSha);
  if (!headSha.ok) return refused("scope", headSha.error);
  const work = { startSha, headSha: headSha.value };
  const credentials = job.redactor.values();
  const inspected = await inspectWork(place, { ...work, briefing, credentials });
  if (!inspected.ok) return { outcome: "refused", failure: inspected.error };
  if (inspected.value.length === 0)
    return refused("scope", "The work changes nothing, so nothing was pushed.");
  const commit = await squashWork(place, work, {
    commit: delivery.commit,
    attempt: briefing.attempt,
    issue: briefing.issue.number,
    runUrl: runUrl(job),
  });
  const { timers } = job;
  const push = { branch: briefing.branch, expected: briefing.headSha, commit, timers };
  return pushWork(place, { url: remote.url, token: delivery.pushToken }, push);
}

function runUrl({ env }: Job): string | null {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (server === undefined || repository === undefined || run === undefined) return null;
  return `${server}/${repository}/actions/runs/${run}`;
}

function refused(kind: "scope" | "infrastructure", summary: string): DeliveryResult {
  return { outcome: "refused", failure: makeFailure({ kind, summary }) };
}

function redactResult({ redactor }: Job, result: DeliveryResult): DeliveryResult {
  if (result.outcome === "pushed") return result;
  return { ...result, failure: { ...result.failure, summary: redactor.redact(result.failure.summary) } };
}

function summarize({ briefing }: DeliveryResponse, result: DeliveryResult): string {
  const said =
    result.outcome === "pushed"
      ? `Pushed \`${result.headSha.slice(0, 12)}\` to \`${briefing.branch}\`.`
      : `❌ ${result.failure.summary}`;
  return `## Delivery of ${briefing.stage}, attempt ${briefing.attemptNumber}\n\n${said}\n`;
}
