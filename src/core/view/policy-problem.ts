import { inlineText } from "./inline-text.ts";

export const POLICY_PATH = ".github/baton.yml";

/** One thing that is wrong with the policy file; lines and columns count from 1. */
export type PolicyProblem = {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
};

/** Absent, unreadable and invalid are three different answers. */
export type UnusablePolicy =
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly why: string }
  | { readonly kind: "invalid"; readonly problems: readonly PolicyProblem[] };

/** Why work did not start, for the issue; `marker` tells the comment from others. */
export function policyProblemComment(marker: string, read: UnusablePolicy): string {
  const { sentence, list } = policyProblemWords(read);
  const end = "Put the label on again once that is mended.";
  return [`${marker}\n**Baton did not start.** ${sentence}`, ...list, end].join("\n\n");
}

/** What is wrong in words: plain text for a title, Markdown for the rest. */
export function policyProblemWords(read: UnusablePolicy): {
  readonly title: string;
  readonly sentence: string;
  readonly list: readonly string[];
} {
  switch (read.kind) {
    case "absent":
      return {
        title: "There is no policy",
        sentence: `The repository has no \`${POLICY_PATH}\`; \`baton init\` writes one.`,
        list: [],
      };
    case "unreadable":
      return {
        title: "The policy could not be read",
        sentence: `\`${POLICY_PATH}\` could not be read: ${inlineText(read.why, 500)}`,
        list: [],
      };
    case "invalid": {
      const count = read.problems.length;
      return {
        title: count === 1 ? "The policy has a problem" : `The policy has ${count} problems`,
        sentence: `\`${POLICY_PATH}\` is not valid:`,
        list: [read.problems.map(describeProblem).join("\n")],
      };
    }
  }
}

function describeProblem({ line, column, message, remedy }: PolicyProblem): string {
  return `- line ${line}, column ${column}: ${inlineText(message, 500)} ${inlineText(remedy, 500)}`;
}
