import type { Review } from "../../hub/entity/pull.ts";
import type { TimelineDetail } from "../../hub/entity/issue.ts";
import type { UserView } from "../pieces/avatar.ts";
import type { LabelView } from "../pieces/label-chip.ts";
import type { CheckLook } from "../pieces/check-state.ts";

/** One entry of a conversation, in the order it happened. */
export type TimelineItem = CommentItem | ReviewItem | CommitsItem | LabelsItem | EventItem;

interface ItemBase {
  /** Unique on the page and stable between two looks at it. */
  key: string;
  at: string;
}

export interface CommentItem extends ItemBase {
  kind: "comment";
  author: UserView;
  /** What the author is here: `Author`, `Owner`, …; null when there is nothing to say. */
  standing: string | null;
  body: string;
  isEdited: boolean;
  reactions: ReactionView[];
  /** Where reactions go; null where the visitor may not react. */
  reactAction: string | null;
  /** Where edits go; null where the visitor may not edit. */
  editAction: string | null;
}

export interface ReactionView {
  content: string;
  count: number;
  /** Whether the visitor is among them. */
  isMine: boolean;
  logins: string[];
}

export interface ReviewItem extends ItemBase {
  kind: "review";
  author: UserView;
  state: Review["state"];
  body: string;
  commitId: string;
  /** Whether the reviewed commit is no longer the newest one. */
  isOutdated: boolean;
}

export interface CommitsItem extends ItemBase {
  kind: "commits";
  commits: CommitLine[];
}

export interface CommitLine {
  sha: string;
  title: string;
  author: string;
  checks: CheckLook | null;
}

/** Labels that one actor put on and took off in one go. */
export interface LabelsItem extends ItemBase {
  kind: "labels";
  actor: UserView;
  added: LabelView[];
  removed: LabelView[];
}

export interface EventItem extends ItemBase {
  kind: "event";
  actor: UserView;
  detail:
    | Exclude<
        TimelineDetail,
        {
          event:
            | "labeled"
            | "unlabeled"
            | "assigned"
            | "unassigned"
            | "cross-referenced"
            | "review_requested"
            | "review_request_removed"
            | "review_dismissed";
        }
      >
    | { event: "assigned" | "unassigned"; assignee: UserView }
    | { event: "review_requested" | "review_request_removed"; reviewer: UserView }
    | { event: "review_dismissed"; message: string }
    | { event: "cross-referenced"; source: ReferenceView };
}

export interface ReferenceView {
  fullName: string;
  number: number;
  title: string;
  isPull: boolean;
}
