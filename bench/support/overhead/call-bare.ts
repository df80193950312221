import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Readable, Writable } from "node:stream";
import { client, methods, ndJsonStream, PROTOCOL_VERSION } from "@agentclientprotocol/sdk";
import { prepareAgent } from "../../../src/runner/harness/acp/prepare-agent.ts";
import { CLAUDE } from "../../../src/runner/harness/claude/claude.ts";
import type { CliAdapter, PreparedCli } from "../../../src/runner/harness/cli-adapter.ts";
import { CODEX } from "../../../src/runner/harness/codex/codex.ts";
import { GEMINI } from "../../../src/runner/harness/gemini/gemini.ts";
import type { HarnessSession } from "../../../src/runner/harness/harness.ts";
import { OPENCODE } from "../../../src/runner/harness/opencode/opencode.ts";
import { writeBelowHome } from "../../../src/runner/harness/write-below-home.ts";

type Called = Pick<PreparedCli, "argv" | "env" | "files">;

/**
 * An agent's program with the words and settings that its adapter calls it with, and nothing of Baton around it: sets it
 * up, calls it, and gives the milliseconds from its start to its end.
 */
export async function callBare(session: HarnessSession): Promise<number> {
  const { name } = session.briefing.harness;
  if (name === "acp") {
    const prepared = await prepareAgent(session, ["gemini", "--acp"]);
    if (!prepared.ok) throw new Error(prepared.error);
    return time(session, prepared.value, (child) => converse(session, child));
  }
  const prepared = await prepareCli(session);
  return time(session, prepared, async (child) => {
    child.stdin?.end(prepared.stdin);
  });
}

async function prepareCli(session: HarnessSession): Promise<PreparedCli> {
  switch (session.briefing.harness.name) {
    case "claude":
      return prepareWith(CLAUDE, session);
    case "codex":
      return prepareWith(CODEX, session);
    case "gemini":
      return prepareWith(GEMINI, session);
    case "opencode":
      return prepareWith(OPENCODE, session);
    default:
      throw new Error("The harness has no program of its own.");
  }
}

async function prepareWith<State extends { readonly sessionId: string | null }>(
  adapter: CliAdapter<State>,
  session: HarnessSession,
): Promise<PreparedCli> {
  const program = await session.installCli(adapter.wanted(session));
  if (!program.ok) throw new Error(program.error);
  const prepared = await adapter.prepare(session, program.value);
  if (!prepared.ok) throw new Error(prepared.error.message);
  return prepared.value;
}

async function time(
  { homeDir, workTree, env: own }: HarnessSession,
  { argv: [program, ...args], env, files }: Called,
  talk: (child: ChildProcess) => Promise<void>,
): Promise<number> {
  await writeBelowHome(homeDir, files);
  const start = performance.now();
  const child = spawn(program, args, {
    cwd: workTree,
    env: { ...own, ...env },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = once(child, "close");
  await talk(child);
  child.stdout.resume();
  const [code] = (await ended) as [number | null];
  const elapsedMs = performance.now() - start;
  if (code !== 0) throw new Error(`${program} ended with ${code ?? "a signal"}.`);
  return elapsedMs;
}

/** What the smallest client of the Agent Client Protocol says. */
async function converse(session: HarnessSession, { stdin, stdout }: ChildProcess): Promise<void> {
  if (!stdin || !stdout) throw new Error("The agent cannot be talked to.");
  const stream = ndJsonStream(Writable.toWeb(stdin), Readable.toWeb(stdout));
  const app = client({ name: "bench" }).onNotification(methods.client.session.update, () => undefined);
  await app.connectWith(stream, async (agent) => {
    await agent.request(methods.agent.initialize, { protocolVersion: PROTOCOL_VERSION });
    const { sessionId } = await agent.request(methods.agent.session.new, {
      cwd: session.workTree,
      mcpServers: [],
    });
    const prompt = [{ type: "text", text: session.prompt }] as const;
    await agent.request(methods.agent.session.prompt, { sessionId, prompt: [...prompt] });
  });
  // It waits for another prompt otherwise.
  stdin.end();
}
