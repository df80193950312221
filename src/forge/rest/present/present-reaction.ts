import { reactionContents, type Reaction } from "../../hub/entity/issue.ts";
import type { Hub } from "../../hub/hub.ts";
import { nodeId } from "../../hub/node-id.ts";
import { presentAccountById } from "./present-account.ts";

export function presentReaction(hub: Hub, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: nodeId("Reaction", reaction.id),
    user: presentAccountById(hub, reaction.userId),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

/** The counts that issues and comments carry. */
export function presentReactionRollup(
  hub: Hub,
  { subject, subjectId, url }: { subject: Reaction["subject"]; subjectId: number; url: string },
) {
  const reactions = hub.store.reactions.find({ subject, subjectId });
  const counts = Object.fromEntries(
    reactionContents.map((content) => [content, reactions.filter((each) => each.content === content).length]),
  ) as Record<Reaction["content"], number>;
  return { url: `${url}/reactions`, total_count: reactions.length, ...counts };
}
