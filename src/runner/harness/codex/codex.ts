import { join } from "node:path";
import { err, ok, type Result } from "../../../base/result.ts";
import { HARNESS_PINS } from "../../../contract/harness/harness-pins.ts";
import type { CliAdapter, NotCalled } from "../cli-adapter.ts";
import type { HarnessSession } from "../harness.ts";
import { readInstructions } from "../read-instructions.ts";
import { resultSchema } from "../result-schema.ts";
import { codexConfig, KEY_VARIABLE, type CodexSandbox } from "./codex-config.ts";
import { CODEX_PARSER, type CodexState } from "./codex-parser.ts";
import { findCodexTranscript, placeOfCodexTranscript, usageInCodexTranscript } from "./codex-transcript.ts";

const CONFIG_DIR = ".codex";
const SCHEMA_FILE = ".baton/result-schema.json";

/** OpenAI's Codex. It reads no settings of a checkout that nobody told it to trust, and no instructions there either. */
export const CODEX: CliAdapter<CodexState> = {
  wanted: ({ briefing }) => ({
    ...HARNESS_PINS.codex,
    version: briefing.harness.version ?? HARNESS_PINS.codex.version,
  }),
  prepare: async (session, program) => {
    const sandbox = await chooseSandbox(session, program);
    if (!sandbox.ok) return sandbox;
    const instructions = await readInstructions(session, "AGENTS.md");
    return ok({
      argv: [program, ...argumentsFor(session)],
      env: environmentOf(session),
      stdin: session.prompt,
      files: {
        [`${CONFIG_DIR}/config.toml`]: codexConfig(session, sandbox.value),
        [SCHEMA_FILE]: JSON.stringify(resultSchema(session.briefing)),
        ...(instructions === null ? {} : { [`${CONFIG_DIR}/AGENTS.md`]: instructions }),
      },
      initial: { ...CODEX_PARSER.initial, usedBefore: await usedBefore(session) },
    });
  },
  parser: CODEX_PARSER,
  transcript: {
    find: ({ homeDir }, threadId) => findCodexTranscript(homeDir, threadId),
    place: ({ homeDir }, threadId) => placeOfCodexTranscript(homeDir, threadId),
  },
};

function argumentsFor({ model, homeDir, briefing }: HarnessSession): readonly string[] {
  const name = model?.model ?? briefing.harness.model;
  const thread = threadToResume(briefing);
  return [
    "exec",
    ...(thread === null ? [] : ["resume"]),
    ...["--json", "--skip-git-repo-check", "--output-schema", join(homeDir, SCHEMA_FILE)],
    ...(name === null ? [] : ["--model", name]),
    ...(thread === null ? [] : [thread]),
    // The prompt is its input.
    "-",
  ];
}

function environmentOf({ model, homeDir }: HarnessSession): Record<string, string> {
  return {
    CODEX_HOME: join(homeDir, CONFIG_DIR),
    ...(model === null ? {} : { [KEY_VARIABLE]: model.key }),
  };
}

function threadToResume({ resume }: HarnessSession["briefing"]): string | null {
  return resume?.harness === "codex" ? resume.sessionId : null;
}

async function usedBefore({ briefing, homeDir }: HarnessSession): Promise<CodexState["usedBefore"]> {
  const thread = threadToResume(briefing);
  const transcript = thread === null ? null : await findCodexTranscript(homeDir, thread);
  return transcript === null ? null : usageInCodexTranscript(transcript);
}

/**
 * The program keeps its tools in a sandbox of its own. Where the machine does not let it make one, every tool fails and
 * the session still ends as if all were well: so it is tried first.
 */
async function chooseSandbox(
  session: HarnessSession,
  program: string,
): Promise<Result<CodexSandbox, NotCalled>> {
  const { tools } = session.briefing.role;
  const wanted = tools.length === 0 || tools.includes("edit") ? "workspace-write" : "read-only";
  const tried = await session.run({
    argv: [program, "sandbox", "--", "true"],
    stdin: "",
    onLine: () => undefined,
  });
  if (tried.exitCode === 0) return ok(wanted);
  if (session.isConfined) return ok("danger-full-access");
  return err({
    class: "sandbox",
    message:
      "Codex cannot make its sandbox on this machine, and Baton has none around it: allow unprivileged user namespaces on the runner, or use another harness.",
  });
}
