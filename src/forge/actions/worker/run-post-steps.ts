import type { JobState, PostStep } from "./job-state.ts";
import { logFailure } from "./log-failure.ts";
import { conditionHolds } from "./step-condition.ts";
import { watchStep } from "./watch-step.ts";
import type { JobConclusion, StepReport } from "./worker-message.ts";

/** Runs what actions left for the end of the job, the latest first. */
export async function runPostSteps(state: JobState): Promise<void> {
  const posts = state.postSteps.toReversed();
  const reports = state.steps.add(...posts.map((post) => post.name));
  for (const [index, post] of posts.entries()) {
    const report = reports[index];
    if (report !== undefined) await runPostStep(state, post, report);
  }
}

async function runPostStep(state: JobState, post: PostStep, report: StepReport): Promise<void> {
  const { frame, step, scope, env } = post.execution;
  state.log.beginStep(report.number);
  state.steps.start(report);
  if (!conditionHolds(state, frame, { condition: post.condition, env }))
    return state.steps.complete(report, "skipped");
  const condition = { ...step, if: post.condition, timeoutMinutes: null };
  const watch = watchStep(state, { ...frame, deadline: null }, { step: condition, scope, env });
  let conclusion: JobConclusion = "success";
  try {
    state.log.write(`${post.name}`);
    await post.run({ ...post.execution, watch });
  } catch (error) {
    conclusion = watch.cancelled.aborted ? "cancelled" : "failure";
    logFailure(state, error);
  } finally {
    watch.end();
  }
  if (conclusion === "failure" && state.status === "success") state.status = "failure";
  state.steps.complete(report, conclusion);
}
