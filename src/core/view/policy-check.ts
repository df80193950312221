import type { CheckView } from "./checks.ts";
import { MAX_SUMMARY } from "./checks.ts";
import { plainLine, shorten } from "./inline-text.ts";
import type { PolicyProblem, UnusablePolicy } from "./policy-problem.ts";
import { POLICY_PATH, policyProblemWords } from "./policy-problem.ts";

/** GitHub takes at most 50 annotations a request. */
const MAX_ANNOTATIONS = 50;

/** The check that shows on a commit whether its policy file is valid, each problem on its line. */
export function policyCheck(read: UnusablePolicy | { readonly kind: "valid" }): CheckView {
  const check = {
    externalId: "baton/policy",
    name: "baton/policy",
    status: "completed",
    detailsUrl: null,
  } as const;
  if (read.kind === "valid") {
    const summary = "It takes effect once it is on the default branch.";
    return { ...check, conclusion: "success", title: "The policy is valid", summary, annotations: [] };
  }
  const { title, sentence, list } = policyProblemWords(read);
  return {
    ...check,
    conclusion: read.kind === "absent" ? "neutral" : "failure",
    title,
    summary: shorten([sentence, ...list].join("\n\n"), MAX_SUMMARY),
    annotations: read.kind === "invalid" ? annotationsOf(read.problems) : [],
  };
}

function annotationsOf(problems: readonly PolicyProblem[]): CheckView["annotations"] {
  return problems.slice(0, MAX_ANNOTATIONS).map(({ line, message, remedy }) => ({
    path: POLICY_PATH,
    line,
    message: plainLine(`${message} ${remedy}`, 1_000),
  }));
}
