import type { CheckLine } from "../check/view-checks.ts";
import type { CheckLook } from "../pieces/check-state.ts";
import type { Tone, ConversationState } from "../pieces/state-badge.ts";
import type { IconName } from "../pieces/icon.ts";
import type { UserView } from "../pieces/avatar.ts";

export type PullTab = "conversation" | "commits" | "checks" | "files";

/** What stands above every tab of a pull request. */
export interface PullHead {
  fullName: string;
  number: number;
  title: string;
  state: ConversationState;
  author: UserView;
  createdAt: string;
  base: string;
  /** Branch, with its owner where it comes from a fork. */
  head: string;
  headHref: string | null;
  mergedBy: UserView | null;
  mayRename: boolean;
  counts: { items: number; commits: number; checks: CheckLook | null; files: number };
  additions: number;
  deletions: number;
  nowMs: number;
}

/** One line of the merge box: how one condition stands. */
export interface MergeCondition {
  icon: IconName;
  tone: Tone;
  title: string;
  detail: string;
}

export type MergeMethod = "merge" | "squash" | "rebase";

export interface MergeBoxView {
  /** Page of the pull request. */
  path: string;
  state: ConversationState;
  headSha: string;
  reviews: MergeCondition;
  checks: (MergeCondition & { lines: (CheckLine & { isRequired: boolean })[] }) | null;
  conflicts: MergeCondition;
  /** Every reason why it cannot be merged now, each a sentence. Empty when it can. */
  blockers: string[];
  methods: MergeMethod[];
  mayMerge: boolean;
  /** Whether the visitor may change between draft and ready. */
  mayChangeDraft: boolean;
  /** Branch that can be deleted now that the pull request is closed. */
  deletableBranch: string | null;
}
