import { ProgramNotStarted, type ProgramEnd } from "../process/run-program.ts";
import { createOutputTail } from "../reporting/output-tail.ts";
import type { CliAdapter, CliState, PreparedCli } from "./cli-adapter.ts";
import { giveBack } from "./give-back.ts";
import type { HarnessOutcome, HarnessSession, SessionEnd, SessionProgram } from "./harness.ts";
import { limitLines } from "./limit-lines.ts";
import { notBegun } from "./not-begun.ts";
import { withSetAside } from "./with-set-aside.ts";
import { writeBelowHome } from "./write-below-home.ts";

/** A line is one JSON object, which holds all that a tool printed. */
const MAX_LINE_CHARACTERS = 4 * 1024 * 1024;

/** Lines are kept as they came up to this many characters: an agent in a loop must not fill the server. */
const MAX_KEPT_CHARACTERS = 4 * 1024 * 1024;

/** Runs an agent program that an adapter describes: installs it, calls it, shows what it prints and takes its result. */
export async function runCli<State extends CliState>(
  adapter: CliAdapter<State>,
  session: HarnessSession,
): Promise<HarnessOutcome> {
  const wanted = adapter.wanted(session);
  const program = await session.installCli(wanted);
  if (!program.ok) return notBegun({ class: "config", message: program.error });
  const prepared = await adapter.prepare(session, program.value);
  if (!prepared.ok) return notBegun(prepared.error);
  await writeBelowHome(session.homeDir, prepared.value.files);
  try {
    const end = await runToEnd(adapter, session, prepared.value);
    session.started({ harnessVersion: wanted.version, sessionId: end.sessionId });
    return await giveBack(session, end);
  } catch (cause) {
    if (!(cause instanceof ProgramNotStarted)) throw cause;
    return notBegun({ class: "config", message: cause.message });
  }
}

async function runToEnd<State extends CliState>(
  adapter: CliAdapter<State>,
  session: HarnessSession,
  { argv, env, stdin, setAside, initial }: PreparedCli<State>,
): Promise<SessionEnd> {
  const { version } = adapter.wanted(session);
  const errors = createOutputTail();
  const hopeless = new AbortController();
  let state = initial ?? adapter.parser.initial;

  const keep = limitLines(MAX_KEPT_CHARACTERS, {
    onLine: (line: string, stream: "stdout" | "stderr") => {
      if (stream === "stdout") session.emit({ type: "raw", line });
      else session.emit({ type: "notice", level: "warning", text: line });
    },
    onFull: () => {
      const text = `Lines are kept as they came up to ${MAX_KEPT_CHARACTERS} characters of them.`;
      session.emit({ type: "notice", level: "warning", text });
    },
  });

  function readLine(line: string): void {
    const read = adapter.parser.read(state, line);
    state = read.state;
    if (state.sessionId !== null) session.started({ harnessVersion: version, sessionId: state.sessionId });
    keep(line, "stdout");
    for (const event of read.events) session.emit(event);
  }

  function readErrorLine(line: string): void {
    errors.add(line);
    const read = adapter.parser.readError?.(state, line) ?? null;
    if (read === null) {
      keep(line, "stderr");
      return;
    }
    state = read.state;
    for (const event of read.events) session.emit(event);
  }

  const program: SessionProgram = {
    argv,
    env,
    stdin,
    maxLineCharacters: MAX_LINE_CHARACTERS,
    stop: hopeless.signal,
    onLine: (stream, line) => {
      if (stream === "stdout") readLine(line);
      else readErrorLine(line);
      if (adapter.parser.isHopeless?.(state) === true) hopeless.abort();
    },
  };
  const exit: ProgramEnd = await withSetAside(session, setAside ?? [], () => session.run(program));
  return adapter.parser.finish(state, { ...exit, stderr: errors.text() });
}
