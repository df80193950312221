import type { Issue } from "../entity/issue.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { recordTimelineEvent } from "./record-timeline-event.ts";

const mentionPattern = /(?<![\w/&])#(\d+)\b/g;

/** Notes on every issue that `text` mentions that `source` did so, once for each source. */
export function recordCrossReferences(
  hub: Hub,
  { source, text, actor }: { source: Issue; text: string | null; actor: Actor },
): void {
  for (const [, digits] of (text ?? "").matchAll(mentionPattern)) {
    const number = Number(digits);
    const target = hub.store.issues.findOne({ repositoryId: source.repositoryId, number });
    if (target === undefined || target.id === source.id) continue;
    const known = hub.store.timelineEvents
      .find({ issueId: target.id })
      .some(({ detail }) => detail.event === "cross-referenced" && detail.sourceIssueId === source.id);
    if (known) continue;
    const detail = { event: "cross-referenced", sourceIssueId: source.id } as const;
    recordTimelineEvent(hub, { issue: target, actor, detail });
  }
}
