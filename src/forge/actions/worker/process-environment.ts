import { delimiter } from "node:path";

import type { CommandFiles } from "./file-commands.ts";
import type { JobState } from "./job-state.ts";

export interface ProcessEnvironment {
  /** Variables of the job and the step. */
  env: Record<string, string>;
  /** What goes above everything else: inputs and state of an action, `GITHUB_ACTION…`. */
  own: Record<string, string>;
  /** Absent for processes of the forge's own. */
  commandFiles?: CommandFiles;
  trackingId: string;
}

/**
 * The whole environment of one process of a step. It starts from the forge's allow-list; what GitHub defines
 * cannot be overridden by the workflow.
 */
export function processEnvironment(state: JobState, parts: ProcessEnvironment): Record<string, string> {
  const { assignment, directories } = state;
  const environment: Record<string, string> = {
    ...assignment.baseEnvironment,
    CI: "true",
    HOME: directories.home,
    TMPDIR: directories.temp,
    ...parts.env,
    ...githubVariables(assignment.contexts.github),
    ...parts.commandFiles,
    GITHUB_ACTIONS: "true",
    GITHUB_ACTION: "__run",
    GITHUB_WORKSPACE: directories.workspace,
    RUNNER_NAME: assignment.runner.name,
    RUNNER_OS: assignment.runner.os,
    RUNNER_ARCH: assignment.runner.arch,
    RUNNER_ENVIRONMENT: assignment.runner.environment,
    RUNNER_TEMP: directories.temp,
    RUNNER_TOOL_CACHE: directories.toolCache,
    RUNNER_WORKSPACE: directories.workspace.replace(/\/[^/]+$/, ""),
    RUNNER_TRACKING_ID: parts.trackingId,
    ...parts.own,
  };
  if (assignment.idToken !== null) {
    environment["ACTIONS_ID_TOKEN_REQUEST_URL"] = assignment.idToken.url;
    environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = assignment.idToken.secret;
  }
  environment["PATH"] = [...state.paths, environment["PATH"] ?? ""].join(delimiter);
  return environment;
}

/** What never becomes a variable: the token is only for those who ask for it, the event is a file. */
const notVariables = new Set(["token", "event", "repositoryUrl", "secret_source"]);

function githubVariables(github: Record<string, unknown>): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(github)) {
    const isScalar = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    if (isScalar && !notVariables.has(name)) variables[`GITHUB_${name.toUpperCase()}`] = String(value);
  }
  return variables;
}
