import { asMapping, type Mapping } from "./template-value.ts";
import type { StepDefinition } from "./workflow.ts";

/**
 * Takes a step of a workflow or a composite action from its YAML mapping.
 * @param condition `if` as GitHub's parser gives it; `success()` where the step has none.
 */
export function readStep(source: Mapping, condition: string | undefined): StepDefinition {
  return {
    id: typeof source["id"] === "string" ? source["id"] : "",
    name: source["name"],
    if: condition ?? "success()",
    run: source["run"],
    uses: typeof source["uses"] === "string" ? source["uses"] : null,
    with: asMapping(source["with"]),
    env: asMapping(source["env"]),
    shell: source["shell"],
    workingDirectory: source["working-directory"],
    timeoutMinutes: source["timeout-minutes"],
    continueOnError: source["continue-on-error"],
  };
}
