import { z } from "zod";
import { err, ok, type Result } from "../../base/result.ts";
import type { McpServer } from "../../contract/briefing.ts";
import { ProgramNotStarted } from "../process/run-program.ts";
import type { HarnessSession, ReadyMcpServer } from "./harness.ts";

type Needed = Pick<HarnessSession, "briefing" | "env" | "installPackage" | "run" | "timers" | "stop">;

/**
 * Makes the briefing's MCP servers ready at the versions that the policy pins: those of a package are installed, the
 * others are asked. The error is one sentence with a remedy.
 */
export async function prepareMcpServers(session: Needed): Promise<Result<readonly ReadyMcpServer[], string>> {
  const ready: ReadyMcpServer[] = [];
  for (const server of session.briefing.mcpServers) {
    const found = await prepare(session, server);
    if (!found.ok) return found;
    ready.push(found.value);
  }
  return ok(ready);
}

async function prepare(session: Needed, server: McpServer): Promise<Result<ReadyMcpServer, string>> {
  const missing = server.env.find((name) => session.env[name] === undefined);
  if (missing !== undefined) {
    return err(
      `The MCP server ${server.name} needs the variable ${missing}: set it in the workflow and name it in pass-env.`,
    );
  }
  const env = Object.fromEntries(server.env.map((name) => [name, session.env[name] ?? ""]));
  const [program = "", ...args] = server.command;
  if (server.package !== null) {
    const { version } = server;
    const path = await session.installPackage({ package: server.package, version, program });
    if (!path.ok) return err(`The MCP server ${server.name} cannot be used: ${path.error}.`);
    return ok({ name: server.name, command: [path.value, ...args], env });
  }
  const problem = await differingVersion(session, server, [program, ...args]);
  return problem === null ? ok({ name: server.name, command: [program, ...args], env }) : err(problem);
}

/** A server that says nothing for this long is not one. */
const ANSWER_MS = 30_000;

const Answer = z.object({
  id: z.literal(1),
  result: z.object({ serverInfo: z.object({ version: z.string() }) }),
});

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "baton", version: "1" },
  },
};

/** Starts the server once to ask what version it is; null when it is the one that the policy pins. */
async function differingVersion(
  session: Needed,
  server: McpServer,
  argv: readonly [string, ...string[]],
): Promise<string | null> {
  const answered = new AbortController();
  let version: string | null = null;
  const onLine = (stream: "stdout" | "stderr", line: string): void => {
    if (stream !== "stdout" || version !== null) return;
    version = versionIn(line);
    if (version !== null) answered.abort();
  };
  const ended = new AbortController();
  session.timers.sleep(ANSWER_MS, ended.signal).then(
    () => {
      answered.abort();
    },
    // It answered or ended in time.
    () => undefined,
  );
  try {
    await session.run({ argv, stdin: `${JSON.stringify(INITIALIZE)}\n`, onLine, stop: answered.signal });
  } catch (cause) {
    if (!(cause instanceof ProgramNotStarted)) throw cause;
    return `The MCP server ${server.name} cannot be used: ${cause.message}`;
  } finally {
    ended.abort();
  }
  if (version === server.version) return null;
  return version === null
    ? `The MCP server ${server.name} did not say what version it is, and the policy pins ${server.version}.`
    : `The MCP server ${server.name} is version ${String(version)}, and the policy pins ${server.version}: change one of them.`;
}

/** The version that an answer to `initialize` names; null for any other line. */
function versionIn(line: string): string | null {
  try {
    return Answer.parse(JSON.parse(line)).result.serverInfo.version;
  } catch {
    return null;
  }
}
