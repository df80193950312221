import type { Briefing } from "../../contract/briefing.ts";
import { runCommandHarness } from "./command.ts";
import type { Harness } from "./harness.ts";
import { runRecordingHarness } from "./recording.ts";

/** The agent programs that this action can run. */
export const HARNESSES: { readonly [Name in Briefing["harness"]["name"]]?: Harness } = {
  command: runCommandHarness,
  recording: runRecordingHarness,
};
