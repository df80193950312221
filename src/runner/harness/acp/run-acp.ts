import {
  methods,
  PROTOCOL_VERSION,
  RequestError,
  type ClientContext,
  type McpServer,
  type StopReason,
} from "@agentclientprotocol/sdk";
import type { SessionError } from "../../../contract/session-event.ts";
import { ProgramNotStarted, type ProgramEnd } from "../../process/run-program.ts";
import { createOutputTail } from "../../reporting/output-tail.ts";
import type { ReadLine } from "../cli-adapter.ts";
import { endedSilently } from "../ended-silently.ts";
import { giveBack } from "../give-back.ts";
import type { HarnessOutcome, HarnessSession, SessionEnd } from "../harness.ts";
import { limitLines } from "../limit-lines.ts";
import { modelFailure } from "../model-failure.ts";
import { notBegun } from "../not-begun.ts";
import { withSetAside } from "../with-set-aside.ts";
import { writeBelowHome } from "../write-below-home.ts";
import { acpClient } from "./acp-client.ts";
import { callOf, denyCall, endWords, INITIAL_ACP_STATE, readUpdate, type AcpState } from "./acp-updates.ts";
import { AcpSettings } from "./acp-settings.ts";
import { agentStream, MAX_MESSAGE_CHARACTERS } from "./agent-stream.ts";
import { chooseModel } from "./choose-model.ts";
import { confinedFiles } from "./confined-files.ts";
import { confinedTerminals } from "./confined-terminals.ts";
import { prepareAgent, type PreparedAgent } from "./prepare-agent.ts";
import { answerPermission, rolePermissions } from "./role-permissions.ts";

/** Messages are kept as they came up to this many characters: an agent in a loop must not fill the server. */
const MAX_KEPT_CHARACTERS = 4 * 1024 * 1024;

/** How long an agent that has answered may take to end by itself. */
const END_GRACE_MS = 2_000;

/** Any agent that speaks the Agent Client Protocol on its standard input and output: https://agentclientprotocol.com */
export async function runAcpHarness(session: HarnessSession): Promise<HarnessOutcome> {
  const settings = AcpSettings.safeParse(session.briefing.harness.settings);
  if (!settings.success) {
    return refused('The harness "acp" is not set up: the list "run" must name a program.');
  }
  const agent = await prepareAgent(session, settings.data.run);
  if (!agent.ok) return refused(agent.error);
  await writeBelowHome(session.homeDir, agent.value.files);
  try {
    const end = await withSetAside(session, agent.value.setAside, () => runAgent(session, agent.value));
    session.started({ harnessVersion: agent.value.version, sessionId: end.sessionId });
    return await giveBack(session, end);
  } catch (cause) {
    if (!(cause instanceof ProgramNotStarted)) throw cause;
    return refused(cause.message);
  }
}

function refused(message: string): HarnessOutcome {
  return notBegun({ class: "config", message });
}

/** How a conversation ended: by the agent's last answer, an error that it told, or without a word. */
type Talked =
  | { readonly kind: "answered"; readonly stopReason: StopReason }
  | { readonly kind: "failed"; readonly error: SessionError }
  | { readonly kind: "silent" };

async function runAgent(session: HarnessSession, prepared: PreparedAgent): Promise<SessionEnd> {
  const { stream, stdin, receive, end: endStream } = agentStream();
  const errors = createOutputTail();
  const keep = keepLines(session);
  const permissions = rolePermissions(session);
  const terminals = confinedTerminals(session, permissions);
  const stop = new AbortController();
  const hopeless = prepared.watch?.hopeless ?? ((): null => null);
  let state = INITIAL_ACP_STATE;
  let sessionId: string | null = null;

  function show(read: ReadLine<AcpState>): void {
    state = read.state;
    for (const event of read.events) session.emit(event);
  }

  function readErrorLine(line: string): void {
    errors.add(line);
    const events = prepared.watch?.read(line) ?? null;
    if (events === null) keep(line, "stderr");
    else for (const event of events) session.emit(event);
    if (hopeless() !== null) stop.abort();
  }

  const app = acpClient({
    onUpdate: ({ update }) => {
      const read = readUpdate(state, update);
      if (read.events.some(({ type }) => type === "tool_result")) prepared.watch?.onToolResult();
      show(read);
    },
    onPermission: (request) => {
      const { kind, locations } = callOf(state, request.toolCall);
      const isAllowed = permissions.mayUse(kind, locations);
      if (!isAllowed) show(denyCall(state, request.toolCall));
      return answerPermission(request, isAllowed);
    },
    files: confinedFiles(session, permissions),
    terminals,
  });

  const running = session
    .run({
      argv: prepared.argv,
      env: prepared.env,
      stdin,
      stop: stop.signal,
      maxLineCharacters: MAX_MESSAGE_CHARACTERS,
      onLine: (from, line) => {
        if (from === "stdout") keep(line, receive(line) ? "stdout" : "stderr");
        else readErrorLine(line);
      },
    })
    .finally(endStream);
  // It is awaited below, when the conversation is over.
  running.catch(() => undefined);

  const talked = await app
    .connectWith(stream, (agent) =>
      converse({ session, agent, prepared }, (started) => {
        sessionId = started.sessionId;
        session.started({ ...started, harnessVersion: prepared.version ?? started.harnessVersion });
      }),
    )
    .catch(describeFailure);
  show(endWords(state));
  await terminals.close();
  stdin.end();
  const exit = await endOf(running, stop, session);
  const given = hopeless();
  const error = given ?? errorOf(talked, { ...exit, stderr: errors.text() });
  return {
    ...exit,
    stopReason: stopReasonOf(talked),
    error,
    isTruncated: given === null && talked.kind === "silent",
    resultText: state.lastMessage,
    structuredOutput: null,
    usage: null,
    modelRequests: null,
    permissionDenials: state.denials,
    sessionId,
  };
}

async function converse(
  {
    session,
    agent,
    prepared,
  }: {
    readonly session: HarnessSession;
    readonly agent: ClientContext;
    readonly prepared: PreparedAgent;
  },
  onStart: (started: { readonly sessionId: string; readonly harnessVersion: string | null }) => void,
): Promise<Talked> {
  const { protocolVersion, agentInfo } = await agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: {
      fs: { readTextFile: prepared.isGivenFiles, writeTextFile: true },
      terminal: true,
    },
    clientInfo: { name: "baton", version: "0.1.0" },
  });
  if (protocolVersion !== PROTOCOL_VERSION) {
    const message =
      `The agent speaks version ${protocolVersion} of the Agent Client Protocol, and Baton version ` +
      `${PROTOCOL_VERSION}: name a release of it that speaks that.`;
    return { kind: "failed", error: { class: "config", httpStatus: null, message, retryable: false } };
  }
  const created = await agent.request(methods.agent.session.new, {
    cwd: session.workTree,
    mcpServers: serversOf(session),
  });
  const { sessionId } = created;
  onStart({ sessionId, harnessVersion: agentInfo?.version ?? null });
  const model = session.model?.model ?? null;
  if (model !== null) await chooseModel(agent, created, model);
  const cancel = (): void => {
    agent.notify(methods.agent.session.cancel, { sessionId }).catch(() => undefined);
  };
  session.stop.addEventListener("abort", cancel, { once: true });
  try {
    const { stopReason } = await agent.request(methods.agent.session.prompt, {
      sessionId,
      prompt: [{ type: "text", text: session.prompt }],
    });
    return { kind: "answered", stopReason };
  } finally {
    session.stop.removeEventListener("abort", cancel);
  }
}

function serversOf({ mcpServers }: HarnessSession): McpServer[] {
  return mcpServers.map(({ name, command: [command, ...args], env }) => ({
    name,
    command,
    args,
    env: Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
  }));
}

/** What an agent answers before it is told who pays (https://agentclientprotocol.com/protocol/authentication). */
const AUTH_REQUIRED = -32_000;

function describeFailure(cause: unknown): Talked {
  if (!(cause instanceof RequestError)) return { kind: "silent" };
  const words = `${cause.message} ${detailsOf(cause.data)}`.trim();
  const failure = modelFailure(statusOf(cause), words);
  if (cause.code !== AUTH_REQUIRED || failure.class !== "unknown") return { kind: "failed", error: failure };
  const message = `The agent wants to be logged in (${words}): give it what it needs with the input "pass-env".`;
  return { kind: "failed", error: { class: "auth", httpStatus: null, message, retryable: false } };
}

/** Some agents put the provider's HTTP status where the protocol has an error's code. */
function statusOf({ code }: RequestError): number | null {
  return code >= 400 && code < 600 ? code : null;
}

function detailsOf(data: unknown): string {
  if (data === undefined || data === null) return "";
  return typeof data === "string" ? data : JSON.stringify(data);
}

/** An agent waits for the next prompt: the end of its input tells some of them that there is none. */
async function endOf(
  running: Promise<ProgramEnd>,
  stop: AbortController,
  { timers }: HarnessSession,
): Promise<ProgramEnd> {
  const ended = new AbortController();
  const patience = timers.sleep(END_GRACE_MS, ended.signal).then(
    () => {
      stop.abort();
    },
    // It ended first.
    () => undefined,
  );
  try {
    return await running;
  } finally {
    ended.abort();
    await patience;
  }
}

function errorOf(talked: Talked, exit: ProgramEnd & { readonly stderr: string }): SessionError | null {
  if (talked.kind === "failed") return talked.error;
  if (talked.kind === "silent") return endedSilently("The agent", exit);
  const message = STOPPED[talked.stopReason];
  return message === null ? null : { class: "unknown", httpStatus: null, message, retryable: false };
}

const STOPPED: { readonly [Reason in StopReason]: string | null } = {
  end_turn: null,
  max_tokens: "The model's answer was cut short by the limit of its length.",
  max_turn_requests: "The agent used up the number of turns that it has.",
  refusal: "The agent refused to go on.",
  cancelled: "The agent cancelled its work.",
};

function stopReasonOf(talked: Talked): SessionEnd["stopReason"] {
  return talked.kind === "answered" ? talked.stopReason : "error";
}

function keepLines(session: HarnessSession): (line: string, stream: "stdout" | "stderr") => void {
  return limitLines(MAX_KEPT_CHARACTERS, {
    onLine: (line: string, stream: "stdout" | "stderr") => {
      if (stream === "stdout") session.emit({ type: "raw", line });
      else session.emit({ type: "notice", level: "warning", text: line });
    },
    onFull: () => {
      const text = `Messages are kept as they came up to ${MAX_KEPT_CHARACTERS} characters of them.`;
      session.emit({ type: "notice", level: "warning", text });
    },
  });
}
