import type { Task } from "../../task/state.ts";
import type { Explanation } from "../explanation.ts";
import { satisfied, unsatisfied } from "../explanation.ts";

/** The verify stage has passed, which it does only on the commit that is the head now: a push starts it again. */
export function checksAreGreen(task: Task): Explanation {
  const name = "checks are green";
  const head = task.headSha?.slice(0, 7);
  if (head === undefined) return unsatisfied(name, "Nothing has been pushed yet.");
  const verify = task.stages.find(({ stage }) => stage === "verify");
  switch (verify?.state) {
    case "passed":
      return satisfied(name, verify.summary === "" ? `They are green on ${head}.` : verify.summary);
    case "failed":
      return unsatisfied(name, verify.summary === "" ? `They are red on ${head}.` : verify.summary);
    case "running":
      return unsatisfied(name, `They are running on ${head}.`);
    case "waiting":
    case undefined:
      return unsatisfied(name, `They have not run on ${head} yet.`);
  }
}
