import { hideEnvironment } from "../runner/hide-environment.ts";
import { createGitHubHost } from "../runner/reporting/github-host.ts";
import { runAction } from "../runner/run-action.ts";

// 1. No other process can read the job's tokens and keys off this one.
hideEnvironment();

// 2. The run's cancellation comes as a signal; about ten seconds are left then.
const cancelled = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    cancelled.abort();
  });
}

// 3. Run the job that the workflow names.
await runAction(createGitHubHost(process.env), { env: process.env, cancelled: cancelled.signal });

// 4. End now: what an agent left open must not keep the job waiting.
process.exit();
