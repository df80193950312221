import { dirname } from "node:path";
import { err, ok } from "../../../base/result.ts";
import { HARNESS_PINS } from "../../../contract/harness/harness-pins.ts";
import type { CliAdapter, PreparedCli } from "../cli-adapter.ts";
import type { HarnessSession, ModelAccess } from "../harness.ts";
import { readInstructions } from "../read-instructions.ts";
import { GEMINI_PARSER, type GeminiState } from "./gemini-parser.ts";
import { geminiPolicy, geminiSettings } from "./gemini-settings.ts";
import { findGeminiTranscript, geminiProjects, placeOfGeminiTranscript } from "./gemini-transcript.ts";

/** Google's Gemini CLI, headless: https://geminicli.com/docs/cli/headless/ */
export const GEMINI: CliAdapter<GeminiState> = {
  wanted: ({ briefing }) => ({
    ...HARNESS_PINS.gemini,
    version: briefing.harness.version ?? HARNESS_PINS.gemini.version,
  }),
  prepare: async (session, program) => {
    const { model } = session;
    if (model === null) {
      return err({ class: "config", message: "Gemini CLI has no model to talk to: name one in the policy." });
    }
    const earlier = await findEarlier(session);
    return ok({
      argv: [program, ...optionsOf(session, model), ...(earlier === null ? [] : ["--resume", earlier])],
      env: geminiEnvironment(model),
      stdin: escapeReferences(session.prompt),
      files: await geminiFiles(session),
      setAside: READ_FROM_CHECKOUT,
    });
  },
  parser: GEMINI_PARSER,
  transcript: { find: findGeminiTranscript, place: placeOfGeminiTranscript },
};

/** The session that this one goes on with, where it lies in the session's home. */
async function findEarlier(session: HarnessSession): Promise<string | null> {
  const { resume } = session.briefing;
  if (resume?.harness !== "gemini" || resume.sessionId === null) return null;
  const file = await findGeminiTranscript(session, resume.sessionId);
  return file === null ? null : resume.sessionId;
}

/** It relaunches itself for more memory, and the one that is left over heeds no signal. */
export function geminiEnvironment({ key, baseUrl }: ModelAccess): Record<string, string> {
  return { GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: baseUrl, GEMINI_CLI_NO_RELAUNCH: "true" };
}

/** It takes instructions, and variables of its own such as its system prompt, from these whatever its settings. */
export const READ_FROM_CHECKOUT: readonly string[] = ["GEMINI.md", ".gemini"];

export async function geminiFiles(session: HarnessSession): Promise<PreparedCli["files"]> {
  const instructions = await readInstructions(session, "GEMINI.md");
  return {
    ".gemini/settings.json": `${JSON.stringify(geminiSettings(session), null, 2)}\n`,
    ...geminiProjects(session.workTree),
    ".gemini/policies/baton.toml": geminiPolicy(session),
    ...(instructions === null ? {} : { ".gemini/GEMINI.md": instructions }),
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
