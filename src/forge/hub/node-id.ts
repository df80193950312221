/** Kinds that GraphQL can address, with the prefix that GitHub gives their ids. */
const prefixes = {
  User: "U",
  Organization: "O",
  Bot: "BOT",
  App: "A",
  Installation: "MDIz",
  Repository: "R",
  Label: "LA",
  Issue: "I",
  IssueComment: "IC",
  Reaction: "REA",
  PullRequest: "PR",
  PullRequestReview: "PRR",
  PullRequestReviewComment: "PRRC",
  CheckSuite: "CS",
  CheckRun: "CR",
  StatusContext: "SC",
  Commit: "C",
  Ref: "REF",
  Workflow: "W",
  WorkflowRun: "WFR",
  WorkflowJob: "WFJ",
  Artifact: "AR",
  Event: "EV",
} as const;

export type NodeKind = keyof typeof prefixes;

/** GitHub's global ids are opaque to clients; these decode to a kind and an id. */
export function nodeId(kind: NodeKind, id: number | string): string {
  return `${prefixes[kind]}_${Buffer.from(String(id)).toString("base64url")}`;
}

export function parseNodeId(text: string): { kind: NodeKind; id: string } | undefined {
  const [prefix, encoded] = text.split("_", 2);
  if (encoded === undefined) return undefined;
  for (const [kind, candidate] of Object.entries(prefixes)) {
    if (candidate === prefix) {
      return { kind: kind as NodeKind, id: Buffer.from(encoded, "base64url").toString("utf8") };
    }
  }
  return undefined;
}
