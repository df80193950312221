import type { Issue, TimelineDetail, TimelineEvent } from "../entity/issue.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";

export function recordTimelineEvent(
  hub: Hub,
  { issue, actor, detail }: { issue: Issue; actor: Actor; detail: TimelineDetail },
): TimelineEvent {
  return hub.change(() =>
    hub.store.timelineEvents.insert({
      repositoryId: issue.repositoryId,
      issueId: issue.id,
      actorId: actor.accountId,
      appId: actor.appId,
      createdAt: hub.now(),
      detail,
    }),
  );
}
