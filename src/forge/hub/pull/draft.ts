import type { Pull } from "../entity/pull.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { recordTimelineEvent } from "../issue/record-timeline-event.ts";
import { issueOfPull } from "./find-pull.ts";

/** Nothing happens to a pull request that is ready already. */
export function markReadyForReview(hub: Hub, { pull, actor }: { pull: Pull; actor: Actor }): Pull {
  return pull.draft ? setDraft(hub, { pull, actor, draft: false }) : pull;
}

export function convertToDraft(hub: Hub, { pull, actor }: { pull: Pull; actor: Actor }): Pull {
  return pull.draft ? pull : setDraft(hub, { pull, actor, draft: true });
}

function setDraft(hub: Hub, { pull, actor, draft }: { pull: Pull; actor: Actor; draft: boolean }): Pull {
  return hub.change(() => {
    const changed = hub.store.pulls.update(pull.id, { draft, mergeable: null, mergeableState: "unknown" });
    const issue = issueOfPull(hub, changed);
    hub.store.issues.update(issue.id, { updatedAt: hub.now() });
    const event = draft ? "convert_to_draft" : "ready_for_review";
    recordTimelineEvent(hub, { issue, actor, detail: { event } });
    hub.emit({
      name: "pull_request",
      action: draft ? "converted_to_draft" : "ready_for_review",
      repositoryId: pull.repositoryId,
      actor,
      pullId: pull.id,
    });
    return changed;
  });
}
