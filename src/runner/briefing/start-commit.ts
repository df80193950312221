import type { Briefing } from "../../contract/briefing.ts";

/** Where an attempt begins: the branch's head, or the base while nothing has been pushed. */
export function startCommit(briefing: Pick<Briefing, "headSha" | "baseSha">): string {
  return briefing.headSha ?? briefing.baseSha;
}
