import type { WorkflowRun } from "../../hub/entity/workflow.ts";
import type { Hub } from "../../hub/hub.ts";
import { ExpressionProblem } from "../expression/evaluate-expression.ts";
import { interpolate } from "../expression/interpolate.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { githubContext } from "./run-context.ts";
import { repositoryVariables } from "./repository-variables.ts";

/** `run-name:`, evaluated; null where the workflow has none, or one that cannot be evaluated. */
export function runName(hub: Hub, run: WorkflowRun, workflow: Workflow): string | null {
  if (workflow.runName == null) return null;
  const contexts = {
    github: githubContext(hub, run),
    inputs: run.inputs,
    vars: repositoryVariables(hub, run.repositoryId, "variable"),
  };
  try {
    return interpolate(workflow.runName, { contexts }).trim() || null;
  } catch (error) {
    if (error instanceof ExpressionProblem) return null;
    throw error;
  }
}
