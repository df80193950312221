import type { HarnessSession } from "./harness.ts";

/** Standing instructions are for people to keep short: past this they are a mistake, and cost with every request. */
const MAX_INSTRUCTIONS_CHARACTERS = 64_000;

/** A file that only leads to the one that all know: a link, whose text is where it leads, or an import. */
const LEADS_ON = /^@?(?:\.\/)?AGENTS\.md$/;

/**
 * The base branch's standing instructions for agents, in the file that this program's people use or in the one that all
 * know; null where there are none. What lies in the checkout may be somebody else's.
 */
export async function readInstructions(
  { readBaseFile }: Pick<HarnessSession, "readBaseFile">,
  ownFile: string,
): Promise<string | null> {
  for (const file of new Set([ownFile, "AGENTS.md"])) {
    const text = await readBaseFile(file);
    const isText = text !== null && text.trim() !== "" && !LEADS_ON.test(text.trim());
    if (isText) return text.slice(0, MAX_INSTRUCTIONS_CHARACTERS);
  }
  return null;
}
