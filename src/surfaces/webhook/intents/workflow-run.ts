import { z } from "zod";
import type { AttemptId } from "../../../base/ids.ts";
import { InRepository, placeOf } from "./payload.ts";
import { ignored, reader } from "./reader.ts";

const WorkflowRunEvent = InRepository.extend({
  action: z.string(),
  workflow_run: z.object({
    id: z.number().int(),
    path: z.string().nullish(),
    display_title: z.string().nullish(),
    event: z.string(),
    conclusion: z.string().nullish(),
  }),
});

export const readWorkflowRun = reader(WorkflowRunEvent, (payload, own) => {
  const { action, workflow_run: run } = payload;
  // GitHub may write the branch behind the path of the workflow file, after an `@`.
  const isBaton = run.path?.split("@")[0] === own.workflow && run.event === "workflow_dispatch";
  if (!isBaton) return ignored("The run is none of Baton's workflow.");
  if (action !== "completed") return ignored("The run is not over yet.");
  // A run that ended without a conclusion told nobody how: it counts as a failed one.
  const conclusion = run.conclusion ?? "failure";
  const attempt = attemptIn(run.display_title ?? "");
  return { ...placeOf(payload), kind: "workflow-run-completed", runId: run.id, attempt, conclusion };
});

/** The workflow names its runs for their attempts. */
function attemptIn(title: string): AttemptId | null {
  const named = title.split(/\s+/).find((word) => /^\d+-\d+-\d+\.\d+$/.test(word));
  return (named as AttemptId | undefined) ?? null;
}
