import type { Readable } from "node:stream";
import type { Result } from "../../base/result.ts";
import type { Briefing } from "../../contract/briefing.ts";
import type { ModelProtocol } from "../../contract/harness/harness-pins.ts";
import type { SessionError, SessionEvent } from "../../contract/session-event.ts";
import type { Usage } from "../../contract/usage.ts";
import type { Program, ProgramEnd } from "../process/run-program.ts";
import type { Timers } from "../timers.ts";
import type { AgentResult } from "./agent-result.ts";

/** One agent session, and all that it may use. */
export type HarnessSession = {
  readonly briefing: Briefing;
  readonly prompt: string;
  readonly workTree: string;
  /** The session's home, empty when it begins: an agent program's own settings belong here, never in the work tree. */
  readonly homeDir: string;
  /** Where the agent writes its result: outside the work tree. */
  readonly resultFile: string;
  /** The environment of every process of the session; a program may be given more. */
  readonly env: Readonly<Record<string, string>>;
  /** Holds a folder with a `SKILL.md` for each of the briefing's skills; outside of the work tree. */
  readonly skillsDir: string;
  /** The briefing's MCP servers, installed and ready to be started by the agent's program. */
  readonly mcpServers: readonly ReadyMcpServer[];
  /** What an agent program talks to instead of the provider; null where it is not ours to say. */
  readonly model: ModelAccess | null;
  /** What the session starts reaches nothing but what the session may: Baton's sandbox is around it. */
  readonly isConfined: boolean;
  /** Aborted on timeout and cancellation. */
  readonly stop: AbortSignal;
  readonly timers: Timers;
  readonly emit: (event: SessionEvent) => void;
  /** What the agent's program is, as soon as that is known; only the first call counts. */
  readonly started: (told: {
    readonly harnessVersion: string | null;
    readonly sessionId: string | null;
  }) => void;
  /** A file of the base branch, which its maintainers merged; null when it has no such file. */
  readonly readBaseFile: (path: string) => Promise<string | null>;
  /** The path of an agent program in the version asked for, installed if need be; else one sentence with a remedy. */
  readonly installCli: (cli: PackagedProgram) => Promise<Result<string, string>>;
  /** The same for any other program, which need not say its version; else why not, as half a sentence. */
  readonly installPackage: (wanted: PackagedProgram) => Promise<Result<string, string>>;
  /**
   * Runs a program in the work tree to its end, with everything that it starts: no harness starts one by itself. Throws
   * ProgramNotStarted.
   */
  readonly run: (program: SessionProgram) => Promise<ProgramEnd>;
};

/** Where an agent program finds its model, and the key that is good there and for this attempt only. */
export type ModelAccess = {
  readonly protocol: ModelProtocol;
  /** Without a path and a slash at its end: `http://127.0.0.1:40001`. */
  readonly baseUrl: string;
  readonly key: string;
  /** Null: the one that the program would choose. */
  readonly model: string | null;
};

/** A program that gives tools by the Model Context Protocol, over its standard input and output. */
export type ReadyMcpServer = {
  readonly name: string;
  /** The first is the program's path. */
  readonly command: readonly [string, ...string[]];
  /** Those of the session's variables that it needs, for programs that hand on none by themselves. */
  readonly env: Readonly<Record<string, string>>;
};

/** A program as it is published on npm. */
export type PackagedProgram = {
  readonly package: string;
  readonly version: string;
  /** The command that the package brings. */
  readonly program: string;
};

export type SessionProgram = {
  readonly argv: readonly [string, ...string[]];
  /** Beside the session's own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin: string | Readable;
  readonly onLine: Program["onLine"];
  readonly maxLineCharacters?: number;
  /** Stops this program alone, as `session.stop` stops the session. */
  readonly stop?: AbortSignal;
};

type StopReason = NonNullable<Extract<SessionEvent, { type: "run.finished" }>["stopReason"]>;

/** What is known of a session when it is over, by what its program said. */
export type SessionEnd = {
  /** How the agent's program ended; both are null where there was none of its own. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stopReason: StopReason;
  /** Null where the program says that it ended well. */
  readonly error: SessionError | null;
  /** The program ended without saying how its work did. */
  readonly isTruncated: boolean;
  /** The agent's last words. */
  readonly resultText: string | null;
  /** What it gave back by the schema that it was given. */
  readonly structuredOutput: Json;
  /** What it used, where it says so, with its own figure of the cost. */
  readonly usage: Usage | null;
  readonly modelRequests: number | null;
  /** What it wanted to do and was not allowed to, a sentence each. */
  readonly permissionDenials: readonly string[];
  /** By which the program can go on with this session. */
  readonly sessionId: string | null;
};

/** A JSON value, as zod's `json()` has it. */
export type Json = Extract<SessionEvent, { type: "tool_call" }>["input"];

export type FailedSession = {
  readonly kind: "failed";
  /** `report`: the agent ended well, but what it gave back cannot be used. */
  readonly failure: "agent" | "report";
  /** One sentence. */
  readonly summary: string;
};

export type HarnessOutcome = SessionEnd &
  ({ readonly kind: "result"; readonly result: AgentResult } | FailedSession);

/** Runs an agent program to its end. It never throws for what the agent does. */
export type Harness = (session: HarnessSession) => Promise<HarnessOutcome>;
