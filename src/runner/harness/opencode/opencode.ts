import { err, ok } from "../../../base/result.ts";
import { HARNESS_PINS } from "../../../contract/harness/harness-pins.ts";
import type { CliAdapter, PreparedCli } from "../cli-adapter.ts";
import type { HarnessSession, ModelAccess } from "../harness.ts";
import { readInstructions } from "../read-instructions.ts";
import { INSTRUCTIONS_FILE, opencodeConfig, opencodeModel } from "./opencode-config.ts";
import { OPENCODE_PARSER, type OpencodeState } from "./opencode-parser.ts";
import {
  findOpencodeTranscript,
  moveOpencodeSession,
  placeOfOpencodeTranscript,
} from "./opencode-transcript.ts";

/** opencode, headless: https://opencode.ai/docs/cli/ */
export const OPENCODE: CliAdapter<OpencodeState> = {
  wanted: ({ briefing }) => ({
    ...HARNESS_PINS.opencode,
    version: briefing.harness.version ?? HARNESS_PINS.opencode.version,
  }),
  prepare: async (session, program) => {
    const { model } = session;
    if (model?.model == null) {
      return err({ class: "config", message: "opencode needs a model: name one in the policy." });
    }
    const earlier = await findEarlier(session);
    return ok({
      argv: [
        program,
        "run",
        ...["--format", "json"],
        "--thinking",
        // Its log is the only place where it tells of requests that failed.
        ...["--print-logs", "--log-level", "ERROR"],
        // Without one it asks the model for it.
        ...["--title", `Baton ${session.briefing.attempt}`],
        ...["--model", opencodeModel(model.model)],
        ...(earlier === null ? [] : ["--session", earlier]),
      ],
      env: opencodeEnvironment(session, model, model.model),
      stdin: session.prompt,
      files: await opencodeFiles(session),
      setAside: EXECUTED_FROM_CHECKOUT,
    });
  },
  parser: OPENCODE_PARSER,
  transcript: { find: findOpencodeTranscript, place: placeOfOpencodeTranscript },
};

/** In a git repository it executes the plugins that these hold or name, whatever its flags and variables say. */
export const EXECUTED_FROM_CHECKOUT: readonly string[] = [".opencode", "opencode.json", "opencode.jsonc"];

export async function opencodeFiles(session: HarnessSession): Promise<PreparedCli["files"]> {
  const instructions = await readInstructions(session, "AGENTS.md");
  return instructions === null ? {} : { [INSTRUCTIONS_FILE]: instructions };
}

export function opencodeEnvironment(
  session: HarnessSession,
  access: ModelAccess,
  model: string,
): Record<string, string> {
  return {
    OPENCODE_CONFIG_CONTENT: JSON.stringify(opencodeConfig(session, access, model)),
    OPENCODE_DISABLE_PROJECT_CONFIG: "1",
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
  };
}

/** The session that this one goes on with, where opencode's store lies in the session's home. */
async function findEarlier(session: HarnessSession): Promise<string | null> {
  const { resume } = session.briefing;
  if (resume?.harness !== "opencode" || resume.sessionId === null) return null;
  if ((await findOpencodeTranscript(session)) === null) return null;
  return (await moveOpencodeSession(session, resume.sessionId)) ? resume.sessionId : null;
}
