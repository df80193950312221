import type { Briefing } from "../../contract/briefing.ts";
import { runCommandHarness } from "./command.ts";
import type { Harness } from "./harness.ts";
import { GEMINI_ADAPTER } from "./gemini/gemini-adapter.ts";
import { OPENCODE_ADAPTER } from "./opencode/opencode-adapter.ts";
import { runRecordingHarness } from "./recording.ts";
import { runCli } from "./run-cli.ts";

/** The agent programs that this action can run. */
export const HARNESSES: { readonly [Name in Briefing["harness"]["name"]]?: Harness } = {
  gemini: (session) => runCli(GEMINI_ADAPTER, session),
  opencode: (session) => runCli(OPENCODE_ADAPTER, session),
  command: runCommandHarness,
  recording: runRecordingHarness,
};
