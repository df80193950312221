import { HARNESS_PINS, type PinnedHarness } from "../../../contract/harness/harness-pins.ts";
import { AcpSettings } from "./acp-settings.ts";

/** Agents of which Baton knows how they are set up, since it has a harness for them too. */
export type KnownAgent = Extract<PinnedHarness, "gemini" | "opencode">;

const KNOWN: readonly KnownAgent[] = ["gemini", "opencode"];

/** Which of them the harness's settings name by its program; null for any other, and where they name none. */
export function findKnownAgent(settings: unknown): KnownAgent | null {
  const parsed = AcpSettings.safeParse(settings);
  if (!parsed.success) return null;
  return KNOWN.find((name) => HARNESS_PINS[name].program === parsed.data.run[0]) ?? null;
}
