import type { Issue } from "../../hub/entity/issue.ts";
import type { Hub } from "../../hub/hub.ts";
import type { LabelView } from "../pieces/label-chip.ts";
import type { ConversationState } from "../pieces/state-badge.ts";

export function conversationState(hub: Hub, issue: Issue): ConversationState {
  const pull = issue.pullId === null ? null : hub.store.pulls.require(issue.pullId);
  if (pull?.merged === true) return "merged";
  if (issue.state === "closed") return issue.stateReason === "not_planned" ? "not planned" : "closed";
  return pull?.draft === true ? "draft" : "open";
}

export function labelsOf(hub: Hub, issue: Issue): LabelView[] {
  return issue.labelIds.map((id) => hub.store.labels.require(id));
}
