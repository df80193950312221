import { assertNever } from "../../base/assert-never.ts";
import { leastRoleFor } from "../policy/authorize.ts";
import { namesOf } from "../policy/names-of.ts";
import { pushersOf } from "../task/pushers-of.ts";
import type { Stage, Task } from "../task/state.ts";
import { inlineCode, inlineText } from "./inline-text.ts";
import { quoteMarkdown } from "./quote-markdown.ts";
import { shortDigest } from "./short-digest.ts";
import { showTime } from "./show-time.ts";

/** Where a task stands, in words: the status comment and the checks say the same thing from here. */
export type Standing = {
  /** A few words of plain text, without a full stop. */
  readonly headline: string;
  /** One or two sentences of Markdown: what is waited for. "" where the headline says it all. */
  readonly detail: string;
  /** What an agent asks, as a Markdown block; "" elsewhere. */
  readonly question: string;
  /** What a person can do now, a sentence of Markdown each, with the exact command. */
  readonly next: readonly string[];
};

const MAX_DETAIL = 2_000;
const MAX_QUESTION = 6_000;

export function standingOf(task: Task): Standing {
  return { detail: "", question: "", next: [], ...standingIn(task) };
}

type Said = Partial<Standing> & Pick<Standing, "headline">;

function standingIn(task: Task): Said {
  const { phase } = task;
  if (task.hold && phase.kind !== "completed" && phase.kind !== "cancelled") return held(task, task.hold);
  switch (phase.kind) {
    case "queued":
      return { headline: `about to start the ${phase.stage} stage` };
    case "dispatched":
      return working(task, phase.attempt, "Waiting for a runner to take it.");
    case "leased":
      return working(task, phase.attempt, `At work since ${showTime(phase.lease.grantedAt)}.`);
    case "delivering":
      return working(task, phase.attempt, "The agent is done; its work is being checked and pushed.");
    case "verifying":
      return verifying(phase);
    case "backing-off":
      return backingOff(task, phase);
    case "gated":
      return planGate(task, phase.digest);
    case "stuck":
      return stuck(task, phase);
    case "reviewable":
      return phase.open ? mergeable(task) : mergeGate(task, phase);
    case "merging":
      return { headline: "merging", detail: `Merging ${inlineCode(shortDigest(phase.sha), 40)}.` };
    case "completed":
      return {
        headline: "done",
        detail: `Merged as ${inlineCode(shortDigest(phase.mergeSha), 40)} by ${inlineCode(phase.by, 60)}.`,
      };
    case "cancelled":
      return {
        headline: "cancelled",
        detail: `${inlineCode(phase.by, 60)} cancelled it: ${inlineText(phase.why, MAX_DETAIL)}`,
        next: [`Put the label ${inlineCode(task.policy.trigger, 60)} on the issue to start anew.`],
      };
    default:
      return assertNever(phase);
  }
}

function verifying({ sha, settling }: Extract<Task["phase"], { kind: "verifying" }>): Said {
  const on = `On ${inlineCode(shortDigest(sha), 40)}`;
  if (!settling) return { headline: "checks are running", detail: `${on}.` };
  return { headline: "checks are green", detail: `${on}; waiting a moment for others that may still come.` };
}

function working(
  task: Task,
  attempt: { readonly stage: Stage; readonly number: number },
  detail: string,
): Said {
  const most = task.policy.retry.maxRetries + 1;
  const count =
    attempt.number === 1 ? "" : `, attempt ${attempt.number} of ${Math.max(most, attempt.number)}`;
  return { headline: `${WORK_OF[attempt.stage]}${count}`, detail };
}

const WORK_OF: { readonly [S in Stage]: string } = {
  plan: "planning",
  test: "writing tests",
  implement: "implementing",
  verify: "verifying",
  review: "reviewing",
};

function held(task: Task, hold: NonNullable<Task["hold"]>): Said {
  return {
    headline: "on hold",
    detail: `${inlineCode(hold.by, 60)} holds it since ${showTime(hold.at)}.`,
    next: [`${whoMay(task, "resume")} can let it go on with \`/resume\`, or end it with \`/cancel\`.`],
  };
}

function backingOff(task: Task, phase: Extract<Task["phase"], { kind: "backing-off" }>): Said {
  if (phase.outage !== undefined) {
    return {
      headline: `the ${phase.stage} stage waits for the model's provider`,
      detail: `The model's provider did not answer: ${inlineText(phase.outage, MAX_DETAIL)} The next try starts at ${showTime(phase.until)} and goes on with what was done; it takes nothing from the stage's retries.`,
      next: [`\`/retry ${phase.stage}\` starts it now; \`/cancel\` ends the task.`],
    };
  }
  const why = task.lastFailure
    ? inlineText(task.lastFailure.summary, MAX_DETAIL)
    : "The last attempt failed.";
  return {
    headline: `trying ${phase.stage} again soon`,
    detail: `${why} The next attempt starts at ${showTime(phase.until)} and is told what went wrong.`,
    next: [`\`/retry ${phase.stage} -- guidance\` starts it now, with your words for the agent.`],
  };
}

function planGate(task: Task, digest: string): Said {
  return {
    headline: "the plan waits for approval",
    detail: `The tier is high, so nothing is changed before ${whoApproves(task, [])} approves the plan below.`,
    next: [
      `\`/approve ${shortDigest(digest)}\` approves it.`,
      "`/retry plan -- what should be different` asks for another plan; `/cancel` ends the task.",
    ],
  };
}

function stuck(task: Task, phase: Extract<Task["phase"], { kind: "stuck" }>): Said {
  const end = "`/cancel` ends the task.";
  switch (phase.reason) {
    case "question":
      return {
        headline: `the ${phase.stage} stage asks something`,
        question: quoteMarkdown(phase.detail, MAX_QUESTION),
        next: [`\`/retry ${phase.stage} -- your answer\` goes on with it. ${end}`],
      };
    case "exhausted":
      return {
        headline: `the ${phase.stage} stage needs a person`,
        detail: inlineText(phase.detail, MAX_DETAIL),
        next: [
          phase.stage === "verify"
            ? "`/retry verify` runs it again."
            : `\`/retry ${phase.stage} -- guidance\` tries again with your words for the agent.`,
          ...(task.headSha === null
            ? []
            : [`A push to ${inlineCode(task.branch, 200)} is verified like the agent's work.`]),
          end,
        ],
      };
    case "budget":
      return {
        headline: `the ${phase.stage} stage has used up its budget`,
        detail: inlineText(phase.detail, MAX_DETAIL),
        next: [
          `\`/retry ${phase.stage}\` goes on with what was done, and may spend as much again as the policy says by then. ${end}`,
        ],
      };
    case "policy":
      return {
        headline: `the ${phase.stage} stage cannot go on`,
        detail: inlineText(phase.detail, MAX_DETAIL),
        next: [`\`/retry ${phase.stage}\` tries again once that is mended. ${end}`],
      };
    default:
      return assertNever(phase.reason);
  }
}

function mergeGate(task: Task, phase: Extract<Task["phase"], { kind: "reviewable" }>): Said {
  return {
    headline: "ready for review",
    detail: `All stages have passed on ${inlineCode(shortDigest(phase.sha), 40)}; it waits for the approval of ${whoApproves(task, pushersOf(task))}.`,
    next: [
      `Approve ${pullOf(task)} in a review, or comment \`/approve ${shortDigest(phase.digest)}\`.`,
      "Request changes in a review to send it back with what you want; `/cancel` ends the task.",
    ],
  };
}

function mergeable(task: Task): Said {
  if (task.mergeRefusal !== null) {
    return {
      headline: "GitHub refused the merge",
      detail: inlineText(task.mergeRefusal, MAX_DETAIL),
      next: [
        `Merge ${pullOf(task)} once that is mended, or \`/retry implement -- guidance\` to change the work.`,
      ],
    };
  }
  if (task.policy.merge.automatic)
    return { headline: "about to be merged", detail: "The merge gate is open." };
  return {
    headline: "ready to merge",
    detail: "The merge gate is open, and the policy leaves the merge to a person.",
    next: [`Merge ${pullOf(task)}.`],
  };
}

function pullOf(task: Task): string {
  return task.pull ? `#${task.pull.number}` : "the pull request";
}

function whoApproves(task: Task, pushers: readonly string[]): string {
  const least = leastRoleFor(task.policy, "approve") ?? "read";
  const others = namesOf([task.requester, ...pushers].map((login) => ({ by: inlineCode(login, 60) })));
  return `somebody other than ${others} with the ${least} role`;
}

function whoMay(task: Task, command: "resume"): string {
  return `Whoever has the ${leastRoleFor(task.policy, command) ?? "read"} role`;
}
