import type { HarnessName } from "../../contract/harness/harness-name.ts";
import { CLAUDE } from "./claude/claude.ts";
import { CODEX } from "./codex/codex.ts";
import { runCommandHarness } from "./command.ts";
import type { Harness } from "./harness.ts";
import { GEMINI } from "./gemini/gemini.ts";
import { OPENCODE } from "./opencode/opencode.ts";
import { runRecordingHarness } from "./recording.ts";
import { runCli } from "./run-cli.ts";

/** The agent programs that this action can run. */
export const HARNESSES: { readonly [Name in HarnessName]?: Harness } = {
  claude: (session) => runCli(CLAUDE, session),
  codex: (session) => runCli(CODEX, session),
  gemini: (session) => runCli(GEMINI, session),
  opencode: (session) => runCli(OPENCODE, session),
  // Its protocol's package is large, and no other harness needs it.
  acp: async (session) => (await import("./acp/run-acp.ts")).runAcpHarness(session),
  command: runCommandHarness,
  recording: runRecordingHarness,
};
