import type { Briefing } from "../../contract/briefing.ts";

/** Whether a role may give a question in place of its work. Older servers do not say what a role gives. */
export function mayAsk({ outputs }: Briefing["role"]): boolean {
  return outputs.length === 0 || outputs.includes("question");
}
