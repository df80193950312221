import type { VerificationResponse, VerificationResult } from "../contract/attempt-api.ts";
import { sessionEnvironment } from "./briefing/session-environment.ts";
import { BASE_REF, prepareExactTree, START_REF } from "./git/prepare-work-tree.ts";
import { fetchCommits } from "./git/remote.ts";
import type { Job } from "./job.ts";
import { runProgram, type ProgramEnd } from "./process/run-program.ts";
import { makeFailure } from "./reporting/make-failure.ts";
import { plainLine } from "./reporting/plain-line.ts";
import { createStopControl } from "./session/stop-control.ts";
import { findFailingTests } from "./verification/find-failing-tests.ts";
import { createOutputTail } from "./reporting/output-tail.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

/**
 * The job that runs the policy's verify command on the branch's head, on a machine where no agent ran and without
 * any token in the command's reach.
 */
export async function runVerifyJob(job: Job): Promise<void> {
  const { host, client } = job;
  const verification = await client.verification(await host.idToken(job.audience));
  if (!verification.ok) {
    host.fail(verification.error.message);
    return;
  }
  host.maskSecret(verification.value.token);
  job.redactor.add(verification.value.token);
  const result = await verify(job, verification.value);
  const answer = await client.reportVerification(verification.value.token, result);
  const { sha, command } = verification.value;
  const said = result.outcome === "passed" ? "✅ passed" : `❌ ${result.failure.summary}`;
  await host.summarize(`## Verification of \`${sha.slice(0, 12)}\`\n\n\`${command}\`: ${said}\n`);
  if (!answer.ok) host.fail(answer.error.message);
  else if (result.outcome === "failed") host.fail(result.failure.summary);
}

async function verify(job: Job, verification: VerificationResponse): Promise<VerificationResult> {
  const { sha } = verification;
  try {
    return await runCommand(job, verification);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const summary = job.redactor.redact(`The verify command could not be run: ${why}`);
    return { outcome: "failed", sha, failure: makeFailure({ kind: "infrastructure", summary }) };
  }
}

async function runCommand(job: Job, verification: VerificationResponse): Promise<VerificationResult> {
  const { sha, command } = verification;
  const workspace = await checkOut(job, verification);
  const stop = createStopControl({
    timers: job.timers,
    subject: "The verify command",
    timeoutMs: verification.timeoutMs,
    cancelled: job.cancelled,
  });
  const tail = createOutputTail();
  job.host.startGroup(`verify: ${plainLine(command)}`);
  const end = await runProgram(
    {
      argv: ["/bin/sh", "-c", command],
      cwd: workspace.workTree,
      env: sessionEnvironment(job.env, { ...workspace, passEnv: job.passEnv, own: {} }),
      stdin: "",
      onLine: (_stream, line) => {
        const shown = job.redactor.redact(line);
        tail.add(shown);
        job.host.info(plainLine(shown));
      },
    },
    { stop: stop.signal, grace: stop.grace, timers: job.timers },
  );
  stop.end();
  job.host.endGroup();
  const stopped = stop.reason();
  if (stopped === null && end.exitCode === 0) return { outcome: "passed", sha };
  const summary = stopped === null ? describeFailure(command, end) : stopped.why;
  const failingTests = findFailingTests(tail.text());
  return {
    outcome: "failed",
    sha,
    failure: makeFailure({
      kind: stopped === null ? "checks" : stopped.kind === "timeout" ? "timeout" : "lost",
      summary,
      failingTests,
      logTail: tail.text(),
    }),
  };
}

async function checkOut(job: Job, { briefing, sha }: VerificationResponse): Promise<Workspace> {
  const workspace = await createWorkspace(job.tempDir, job.env["PATH"] ?? "");
  await fetchCommits(workspace.place, job.remoteOf(briefing.repository), {
    commits: [
      { sha, ref: START_REF },
      { sha: briefing.baseSha, ref: BASE_REF },
    ],
    depth: 1,
    timers: job.timers,
  });
  await prepareExactTree(workspace.place, {
    workTree: workspace.workTree,
    branch: briefing.branch,
    defaultBranch: briefing.repository.defaultBranch,
  });
  return workspace;
}

function describeFailure(command: string, end: ProgramEnd): string {
  const how =
    end.exitCode === null ? `was ended by ${end.signal ?? "a signal"}` : `ended with code ${end.exitCode}`;
  return `\`${command}\` ${how}.`;
}
