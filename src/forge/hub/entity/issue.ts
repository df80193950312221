export interface Issue {
  id: number;
  repositoryId: number;
  number: number;
  /** Set when this issue is the conversation of a pull request. */
  pullId: number | null;
  title: string;
  body: string | null;
  state: "open" | "closed";
  stateReason: IssueStateReason | null;
  authorId: number;
  /** The App that the author acted through, if any. */
  appId: number | null;
  labelIds: number[];
  assigneeIds: number[];
  locked: boolean;
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedById: number | null;
}

export type IssueStateReason = "completed" | "not_planned" | "duplicate" | "reopened";

export interface Comment {
  id: number;
  repositoryId: number;
  issueId: number;
  authorId: number;
  appId: number | null;
  body: string;
  createdAt: string;
  updatedAt: string;
}

export const reactionContents = [
  "+1",
  "-1",
  "laugh",
  "confused",
  "heart",
  "hooray",
  "rocket",
  "eyes",
] as const;

export type ReactionContent = (typeof reactionContents)[number];

export interface Reaction {
  id: number;
  subject: "issue" | "issue_comment";
  subjectId: number;
  userId: number;
  content: ReactionContent;
  createdAt: string;
}

/** One line of an issue's timeline that is neither a comment nor a review; those have tables of their own. */
export interface TimelineEvent {
  id: number;
  repositoryId: number;
  issueId: number;
  actorId: number;
  appId: number | null;
  createdAt: string;
  detail: TimelineDetail;
}

export type TimelineDetail =
  | { event: "labeled" | "unlabeled"; label: { name: string; color: string } }
  | { event: "assigned" | "unassigned"; assigneeId: number }
  | { event: "closed"; stateReason: IssueStateReason | null; commitId: string | null }
  | { event: "reopened" }
  | { event: "renamed"; from: string; to: string }
  | { event: "cross-referenced"; sourceIssueId: number }
  | { event: "referenced" | "merged"; commitId: string }
  | { event: "review_requested" | "review_request_removed"; reviewerId: number }
  | { event: "review_dismissed"; reviewId: number; state: string; message: string }
  | { event: "ready_for_review" | "convert_to_draft" }
  | { event: "head_ref_force_pushed"; commitId: string }
  | { event: "head_ref_deleted" | "head_ref_restored" }
  | { event: "locked" | "unlocked" };
