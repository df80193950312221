import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { ok } from "../../../base/result.ts";
import type { Briefing } from "../../../contract/briefing.ts";
import { HARNESS_PINS } from "../../../contract/harness/harness-pins.ts";
import type { CliAdapter } from "../cli-adapter.ts";
import type { HarnessSession, ReadyMcpServer } from "../harness.ts";
import { readInstructions } from "../read-instructions.ts";
import { resultSchema } from "../result-schema.ts";
import { CLAUDE_PARSER, type ClaudeState } from "./claude-parser.ts";
import { findClaudeTranscript, placeOfClaudeTranscript } from "./claude-transcript.ts";
import { toolsOf } from "./claude-tools.ts";

const CONFIG_DIR = ".claude";
const MCP_FILE = ".baton/mcp.json";

/** A provider that is down for longer is for the next attempt to come back to: by itself the program tries ten times. */
const MAX_RETRIES = 4;

/**
 * Claude Code. Nothing of the checkout steers it: it reads the settings of its own home alone, and the instructions that
 * are there are the base branch's.
 */
export const CLAUDE: CliAdapter<ClaudeState> = {
  wanted: ({ briefing }) => ({
    ...HARNESS_PINS.claude,
    version: briefing.harness.version ?? HARNESS_PINS.claude.version,
  }),
  prepare: async (session, program) => {
    const instructions = await readInstructions(session, "CLAUDE.md");
    return ok({
      argv: [program, ...argumentsFor(session)],
      env: environmentOf(session),
      stdin: session.prompt,
      files: {
        [MCP_FILE]: JSON.stringify({ mcpServers: configOf(session.mcpServers) }),
        ...(instructions === null ? {} : { [`${CONFIG_DIR}/CLAUDE.md`]: instructions }),
        ...skillFiles(session.briefing),
      },
    });
  },
  parser: CLAUDE_PARSER,
  transcript: { find: findClaudeTranscript, place: placeOfClaudeTranscript },
};

function argumentsFor(session: HarnessSession): readonly string[] {
  const { briefing, homeDir } = session;
  const tools = [...toolsOf(briefing.role.tools), ...(briefing.skills.length === 0 ? [] : ["Skill"])];
  const allowed = [...tools, ...session.mcpServers.map(({ name }) => `mcp__${name}`)];
  const model = session.model?.model ?? briefing.harness.model;
  const { maxTurns } = briefing.limits;
  return [
    ...["-p", "--output-format", "stream-json", "--verbose"],
    ...["--setting-sources", "user", "--strict-mcp-config", "--mcp-config", join(homeDir, MCP_FILE)],
    // As root the program refuses to skip permissions; who is never asked and allowed by name needs not skip any.
    ...["--permission-mode", "dontAsk", "--tools", tools.join(","), "--allowedTools", allowed.join(",")],
    ...["--json-schema", JSON.stringify(resultSchema(briefing))],
    ...(model === null ? [] : ["--model", model]),
    // Its own limit on what it spends goes by prices of its own; the proxy keeps to the budget by ours.
    ...(maxTurns === null ? [] : ["--max-turns", String(maxTurns)]),
    ...sessionOf(briefing),
  ];
}

function sessionOf({ resume }: Briefing): readonly string[] {
  return resume?.harness === "claude" && resume.sessionId !== null
    ? ["--resume", resume.sessionId]
    : ["--session-id", randomUUID()];
}

/** The program tells its model of the skills in its own home, beside what the prompt says of them. */
function skillFiles({ skills }: Briefing): Readonly<Record<string, string>> {
  const files = skills.flatMap(({ name, files: each }) =>
    each.map(({ path, text }) => [`${CONFIG_DIR}/skills/${name}/${path}`, text] as const),
  );
  return Object.fromEntries(files);
}

function environmentOf({ model, homeDir, briefing }: HarnessSession): Record<string, string> {
  const name = model?.model ?? briefing.harness.model;
  return {
    CLAUDE_CONFIG_DIR: join(homeDir, CONFIG_DIR),
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    CLAUDE_CODE_MAX_RETRIES: String(MAX_RETRIES),
    DISABLE_AUTOUPDATER: "1",
    ...(model === null ? {} : { ANTHROPIC_BASE_URL: model.baseUrl, ANTHROPIC_API_KEY: model.key }),
    // For small things of its own the program would ask another model, which the attempt may not use.
    ...(name === null ? {} : { ANTHROPIC_DEFAULT_HAIKU_MODEL: name, CLAUDE_CODE_SUBAGENT_MODEL: name }),
  };
}

function configOf(servers: readonly ReadyMcpServer[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    servers.map(({ name, command: [command, ...args], env }) => [
      name,
      { type: "stdio", command, args, env },
    ]),
  );
}
