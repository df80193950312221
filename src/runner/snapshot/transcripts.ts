import type { HarnessName } from "../../contract/harness/harness-name.ts";
import type { CliTranscript } from "../harness/cli-adapter.ts";
import { CLAUDE } from "../harness/claude/claude.ts";
import { CODEX } from "../harness/codex/codex.ts";
import { GEMINI } from "../harness/gemini/gemini.ts";
import { OPENCODE } from "../harness/opencode/opencode.ts";

/** Where a harness keeps the one file that it needs to go on with a session; the others go on from a summary. */
export const TRANSCRIPTS: { readonly [Name in HarnessName]?: CliTranscript | undefined } = {
  claude: CLAUDE.transcript,
  codex: CODEX.transcript,
  gemini: GEMINI.transcript,
  opencode: OPENCODE.transcript,
};
