import { ExpressionProblem } from "../expression/evaluate-expression.ts";
import { ForgeRefusal } from "./forge-link.ts";
import type { JobState } from "./job-state.ts";

/** A step's failure that is explained by one line in its log. */
export class StepFailure extends Error {
  override readonly name = "StepFailure";
}

/** Shows why a step failed, in the log and as an annotation. What nobody foresaw is shown with its stack. */
export function logFailure(state: JobState, error: unknown): void {
  const message = describe(error);
  state.log.write(`##[error]${message}`);
  state.forge.send({
    kind: "annotation",
    annotation: {
      level: "failure",
      message: state.mask.apply(message),
      title: null,
      path: ".github",
      startLine: state.log.lineCount,
      endLine: state.log.lineCount,
      startColumn: null,
      endColumn: null,
    },
  });
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const expected =
    error instanceof StepFailure || error instanceof ForgeRefusal || error instanceof ExpressionProblem;
  return expected ? error.message : (error.stack ?? error.message);
}
