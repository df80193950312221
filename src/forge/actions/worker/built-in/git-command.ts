import type { StepExecution } from "../job-state.ts";
import { StepFailure } from "../log-failure.ts";
import { processEnvironment } from "../process-environment.ts";
import { runStepProcess } from "../step-process.ts";

/** Runs git for a built-in action, its output in the step's log. @throws StepFailure */
export async function git(execution: StepExecution, directory: string, args: string[]): Promise<void> {
  const { log } = execution.state;
  log.write(`[command]git ${args.join(" ")}`);
  const exitCode = await runGit(execution, { directory, args, onLine: (line) => log.write(line) });
  if (exitCode !== 0) throw new StepFailure(`The process 'git' failed with exit code ${exitCode}`);
}

/** As `git`, for its answer. */
export async function gitText(execution: StepExecution, directory: string, args: string[]): Promise<string> {
  const lines: string[] = [];
  const exitCode = await runGit(execution, { directory, args, onLine: (line) => lines.push(line) });
  if (exitCode === 0) return lines.join("\n").trim();
  throw new StepFailure(`git ${args[0] ?? ""} failed with exit code ${exitCode}: ${lines.join(" ")}`);
}

interface GitRun {
  directory: string;
  args: string[];
  onLine: (line: string) => void;
}

function runGit({ state, env, watch }: StepExecution, { directory, args, onLine }: GitRun): Promise<number> {
  const trackingId = `${state.assignment.trackingId}git.`;
  return runStepProcess({
    command: "git",
    args,
    cwd: directory,
    env: processEnvironment(state, { env, trackingId, own: { GIT_TERMINAL_PROMPT: "0" } }),
    onLine,
    signal: watch.signal,
    grace: state.assignment.grace,
  });
}
