import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAgentJob } from "./agent-job.ts";
import { runDeliverJob } from "./deliver-job.ts";
import type { Job } from "./job.ts";
import { MODEL_KEY_NAMES } from "./model-proxy/model-upstream.ts";
import { readInputs, type Inputs, type JobName } from "./read-inputs.ts";
import type { ActionsHost } from "./reporting/actions-host.ts";
import { createAttemptClient } from "./reporting/attempt-client.ts";
import { createRedactor } from "./reporting/redact.ts";
import { systemTimers, type Timers } from "./timers.ts";
import { runVerifyJob } from "./verify-job.ts";

const JOBS: { readonly [Name in JobName]: (job: Job) => Promise<void> } = {
  agent: runAgentJob,
  deliver: runDeliverJob,
  verify: runVerifyJob,
};

/** The action's step: runs the job that its input names. It never throws; a failure is one sentence in the run. */
export async function runAction(
  host: ActionsHost,
  process: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly cancelled: AbortSignal;
    readonly timers?: Timers;
  },
): Promise<void> {
  const inputs = readInputs((name) => host.input(name));
  if (!inputs.ok) {
    host.fail(inputs.error);
    return;
  }
  const job = createJob(host, inputs.value, { timers: systemTimers, ...process });
  try {
    await JOBS[inputs.value.job](job);
  } catch (cause) {
    host.fail(job.redactor.redact(cause instanceof Error ? cause.message : String(cause)));
  }
}

function createJob(
  host: ActionsHost,
  { server, attempt, token, passEnv }: Inputs,
  process: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly cancelled: AbortSignal;
    readonly timers: Timers;
  },
): Job {
  const { env, cancelled, timers } = process;
  const redactor = createRedactor();
  const passedSecrets = passEnv.filter((name) => /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i.test(name));
  // The first can act in the run's name, the rest is what the agent could print.
  const runSecrets = ["ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_RUNTIME_TOKEN"];
  for (const name of [...runSecrets, ...MODEL_KEY_NAMES, ...passedSecrets]) {
    redactor.add(env[name] ?? "");
  }
  redactor.add(token);
  const github = (env["GITHUB_SERVER_URL"] ?? "https://github.com").replace(/\/+$/, "");
  const tempDir = env["RUNNER_TEMP"] ?? tmpdir();
  return {
    host,
    client: createAttemptClient({ server, attempt, timers }),
    redactor,
    timers,
    // The address as the server knows itself: without the slash that URL adds to a bare origin.
    audience: server.href.replace(/\/+$/, ""),
    env,
    passEnv,
    tempDir,
    toolsDir: join(env["RUNNER_TOOL_CACHE"] ?? tempDir, "baton"),
    cancelled,
    remoteOf: ({ owner, name }) => ({ url: `${github}/${owner}/${name}.git`, token }),
  };
}
