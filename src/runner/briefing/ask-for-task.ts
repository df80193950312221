import type { Briefing } from "../../contract/briefing.ts";

/** What a person has to say before an agent can begin; null when the briefing says what is wanted. */
export function askForTask({ withheld, plan, guidance, stage }: Briefing): string | null {
  if (!withheld.includes("issue") || plan !== null || guidance !== null) return null;
  return (
    "The issue was written by somebody without write access, and the policy (`briefing.untrusted: exclude`) keeps " +
    `such text from agents. Say what is wanted with \`/retry ${stage} -- …\`.`
  );
}
