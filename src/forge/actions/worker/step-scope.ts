import type { ExpressionScope } from "../expression/evaluate-expression.ts";
import { hashFiles } from "./hash-files.ts";
import type { JobState, StepFrame } from "./job-state.ts";

/** What expressions of a step may name. @param env variables as the step sees them */
export function stepScope(state: JobState, frame: StepFrame, env: Record<string, string>): ExpressionScope {
  const { contexts, runner, jobId } = state.assignment;
  const { directories } = state;
  const secrets = frame.action === null ? { secrets: contexts.secrets } : {};
  return {
    contexts: {
      ...secrets,
      github: { ...githubContext(state), ...actionContext(frame) },
      vars: contexts.vars,
      needs: contexts.needs,
      strategy: contexts.strategy,
      matrix: contexts.matrix,
      inputs: frame.inputs,
      steps: frame.steps,
      env,
      job: { status: state.status, check_run_id: jobId },
      runner: {
        name: runner.name,
        os: runner.os,
        arch: runner.arch,
        environment: runner.environment,
        temp: directories.temp,
        tool_cache: directories.toolCache,
        debug: "",
      },
    },
    functions: {
      ...statusFunctions(state, frame),
      hashFiles: (...patterns) => hashFiles(directories.workspace, patterns.map(String)),
    },
  };
}

/** The `github` context with what only the runner knows. */
function githubContext(state: JobState): Record<string, unknown> {
  return { ...state.assignment.contexts.github, workspace: state.directories.workspace };
}

function actionContext({ action, status }: StepFrame): Record<string, unknown> {
  if (action === null) return {};
  return {
    action_path: action.directory,
    action_repository: action.repository,
    action_ref: action.ref,
    action_status: status(),
  };
}

function statusFunctions(state: JobState, frame: StepFrame): Record<string, () => boolean> {
  return {
    always: () => true,
    cancelled: () => state.status === "cancelled",
    success: () => !frame.stopped() && frame.status() === "success",
    failure: () => !frame.stopped() && frame.status() === "failure",
  };
}
