import type { HarnessName } from "../../contract/harness/harness-name.ts";
import { CLAUDE } from "./claude/claude.ts";
import { CODEX } from "./codex/codex.ts";
import { runCommandHarness } from "./command.ts";
import type { Harness } from "./harness.ts";
import { GEMINI_ADAPTER } from "./gemini/gemini-adapter.ts";
import { OPENCODE_ADAPTER } from "./opencode/opencode-adapter.ts";
import { runRecordingHarness } from "./recording.ts";
import { runCli } from "./run-cli.ts";

/** The agent programs that this action can run. */
export const HARNESSES: { readonly [Name in HarnessName]?: Harness } = {
  claude: (session) => runCli(CLAUDE, session),
  codex: (session) => runCli(CODEX, session),
  gemini: (session) => runCli(GEMINI_ADAPTER, session),
  opencode: (session) => runCli(OPENCODE_ADAPTER, session),
  command: runCommandHarness,
  recording: runRecordingHarness,
};
