import type { Reaction, ReactionContent } from "../entity/issue.ts";
import type { Hub } from "../hub.ts";

export interface NewReaction {
  subject: Reaction["subject"];
  subjectId: number;
  userId: number;
  content: ReactionContent;
}

/** A person reacts in one way once; the same again gives the reaction that is there. */
export function react(hub: Hub, request: NewReaction): { reaction: Reaction; created: boolean } {
  return hub.change(() => {
    const existing = hub.store.reactions.findOne({ ...request });
    if (existing !== undefined) return { reaction: existing, created: false };
    const reaction = hub.store.reactions.insert({ ...request, createdAt: hub.now() });
    return { reaction, created: true };
  });
}

export function removeReaction(hub: Hub, reaction: Reaction): void {
  hub.change(() => {
    hub.store.reactions.delete(reaction.id);
  });
}
