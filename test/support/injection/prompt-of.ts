import { briefAttempt } from "../../../src/app/attempt/brief-attempt.ts";
import type { Role } from "../../../src/contract/role.ts";
import type { Failure } from "../../../src/core/task/state.ts";
import { cleanBriefing } from "../../../src/runner/briefing/clean-briefing.ts";
import { renderPrompt } from "../../../src/runner/briefing/render-prompt.ts";
import { exampleAttempt, exampleTask } from "../task/example-task.ts";
import type { PromptAttempt } from "./read-corpus.ts";

const ROLE = { prompt: "You are the developer." } as Role;

const FAILURE: Failure = {
  kind: "checks",
  summary: "A check failed.",
  failingTests: ["t"],
  logTail: "l",
  diff: "d",
};

/** The prompt of an attempt with the text in this place, made from the task as the server and the runner make it. */
export function promptOf({ place, text }: Pick<PromptAttempt, "place" | "text">): string {
  const put = (at: PromptAttempt["place"], otherwise: string): string => (at === place ? text : otherwise);
  const { issue } = exampleTask();
  const task = exampleTask({
    issue: { ...issue, title: put("title", "A title"), body: put("body", "A body.") },
    guidance: put("guidance", "Guidance."),
    plan: { text: put("plan", "A plan."), paths: [put("path", "src/a.ts")] },
    lastFailure: {
      ...FAILURE,
      summary: put("summary", FAILURE.summary),
      failingTests: [put("test-name", "t")],
      logTail: put("log", "l"),
      diff: put("diff", "d"),
    },
  });
  const untrusted = ["issue", "guidance"] as const;
  return renderPrompt(
    cleanBriefing(briefAttempt(task, exampleAttempt("implement"), { role: ROLE, skills: [], untrusted })),
  );
}

/** The prompt without what is marked as somebody else's. */
export function unquoted(prompt: string): string {
  return prompt
    .split("\n")
    .filter((line) => !line.startsWith(">"))
    .join("\n");
}
