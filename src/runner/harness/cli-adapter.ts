import type { Result } from "../../base/result.ts";
import type { SessionError, SessionEvent } from "../../contract/session-event.ts";
import type { ProgramEnd } from "../process/run-program.ts";
import type { HarnessSession, SessionEnd, PackagedProgram } from "./harness.ts";

/**
 * An agent program that prints one JSON object a line: how it is called, and how what it prints is read. All that
 * is done with it is in run-cli.ts.
 */
export type CliAdapter<State extends CliState> = {
  readonly wanted: (session: HarnessSession) => PackagedProgram;
  /** What to write and how to call the program at this path, or why it cannot be called. */
  readonly prepare: (
    session: HarnessSession,
    program: string,
  ) => Promise<Result<PreparedCli<State>, NotCalled>>;
  readonly parser: CliParser<State>;
  /** What the program needs to go on with a session, where that is one file or directory. */
  readonly transcript?: CliTranscript;
};

type SessionPlace = Pick<HarnessSession, "homeDir" | "workTree">;

export type CliTranscript = {
  /** The file or directory that the program writes, or null where it has written none. */
  readonly find: (session: SessionPlace, sessionId: string) => Promise<string | null>;
  /** Where a file from another machine must lie, so that the program finds it. */
  readonly place: (session: SessionPlace, sessionId: string) => string;
};

/** One sentence with a remedy. */
export type NotCalled = Pick<SessionError, "class" | "message">;

export type PreparedCli<State = unknown> = {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  /** Texts by their paths below the session's home. */
  readonly files: Readonly<Record<string, string>>;
  /** What lies at the top of the work tree by these names is not there while the program runs. */
  readonly setAside?: readonly string[];
  /** What the parser begins with, where that is known already. */
  readonly initial?: State;
};

/** What every parser knows of a session so far. */
export type CliState = {
  readonly sessionId: string | null;
};

/** Pure: what a program printed can be read again by a newer parser. */
export type CliParser<State extends CliState> = {
  readonly initial: State;
  /**
   * Reads a line of standard output. It never throws: a line that it does not know changes nothing and has no events,
   * for every line is kept as it is besides.
   */
  readonly read: (state: State, line: string) => ReadLine<State>;
  /** Reads a line of what it prints as errors; null, or where there is no such function: it is shown as it is. */
  readonly readError?: (state: State, line: string) => ReadLine<State> | null;
  /** The program would go on without end, and no more can come of it: it is stopped. */
  readonly isHopeless?: (state: State) => boolean;
  /** What is known when the program has ended, which it may do after any line. */
  readonly finish: (state: State, exit: CliExit) => SessionEnd;
};

export type ReadLine<State> = { readonly state: State; readonly events: readonly SessionEvent[] };

export type CliExit = ProgramEnd & {
  /** The end of what it printed as errors. */
  readonly stderr: string;
};
