import { dirname } from "node:path";
import { err, ok } from "../../../base/result.ts";
import { HARNESS_PINS } from "../../../contract/harness/harness-pins.ts";
import type { CliAdapter, PreparedCli } from "../cli-adapter.ts";
import type { HarnessSession, ModelAccess } from "../harness.ts";
import { findGeminiSession } from "./find-gemini-session.ts";
import { GEMINI_PARSER, type GeminiState } from "./gemini-parser.ts";
import { geminiPolicy, geminiSettings } from "./gemini-settings.ts";

/** Google's Gemini CLI, headless: https://geminicli.com/docs/cli/headless/ */
export const GEMINI_ADAPTER: CliAdapter<GeminiState> = {
  wanted: ({ briefing }) => {
    const { version, ...pin } = HARNESS_PINS.gemini;
    return { package: pin.package, program: pin.program, version: briefing.harness.version ?? version };
  },
  prepare: async (session, program) => {
    const { model } = session;
    if (model === null) {
      return err({ class: "config", message: "Gemini CLI has no model to talk to: name one in the policy." });
    }
    const earlier = await findGeminiSession(session);
    return ok({
      argv: [program, ...optionsOf(session, model), ...(earlier === null ? [] : ["--session-file", earlier])],
      env: geminiEnvironment(model),
      stdin: escapeReferences(session.prompt),
      files: geminiFiles(session),
    });
  },
  parser: GEMINI_PARSER,
};

/** It relaunches itself for more memory, and the one that is left over heeds no signal. */
export function geminiEnvironment({ key, baseUrl }: ModelAccess): Record<string, string> {
  return { GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: baseUrl, GEMINI_CLI_NO_RELAUNCH: "true" };
}

export function geminiFiles(session: HarnessSession): PreparedCli["files"] {
  return {
    ".gemini/settings.json": `${JSON.stringify(geminiSettings(session), null, 2)}\n`,
    ".gemini/policies/baton.toml": geminiPolicy(session),
  };
}

/** A folder that is trusted for the session only has none of its own settings, hooks, servers and extensions read. */
function optionsOf({ resultFile }: HarnessSession, { model }: ModelAccess): readonly string[] {
  return [
    ...["--output-format", "stream-json"],
    ...["--approval-mode", "yolo"],
    "--skip-trust",
    // Its tools write nowhere else, and the result lies beside the work tree.
    ...["--include-directories", dirname(resultFile)],
    ...(model === null ? [] : ["--model", model]),
  ];
}

/** It would put in the contents of whatever file an @ in the text names. */
function escapeReferences(prompt: string): string {
  return prompt.replaceAll("@", "\\@");
}
