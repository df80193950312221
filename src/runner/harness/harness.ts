import type { Briefing } from "../../contract/briefing.ts";
import type { SessionError, SessionEvent } from "../../contract/session-event.ts";
import type { Usage } from "../../contract/usage.ts";
import type { Grace } from "../process/end-session.ts";
import type { Timers } from "../timers.ts";
import type { AgentResult } from "./agent-result.ts";

/** One agent session, and all that it may use. */
export type HarnessSession = {
  readonly briefing: Briefing;
  readonly prompt: string;
  readonly workTree: string;
  /** Where the agent writes its result: outside the work tree. */
  readonly resultFile: string;
  /** The whole environment of every process of the session. */
  readonly env: Readonly<Record<string, string>>;
  /** Aborted on timeout and cancellation. */
  readonly stop: AbortSignal;
  readonly grace: () => Grace;
  readonly timers: Timers;
  readonly emit: (event: SessionEvent) => void;
  /** A file of the base branch, which its maintainers merged; null when it has no such file. */
  readonly readBaseFile: (path: string) => Promise<string | null>;
};

/** How the agent's program ended; both are null where there was none of its own. */
type ProgramsEnd = { readonly exitCode: number | null; readonly signal: string | null };

export type FailedSession = {
  readonly kind: "failed";
  /** `report`: the agent ended well, but what it gave back cannot be used. */
  readonly failure: "agent" | "report";
  /** One sentence. */
  readonly summary: string;
  readonly errorClass: SessionError["class"];
  /** The program ended without saying how its work did. */
  readonly isTruncated: boolean;
  /** What it had used, where it says so. */
  readonly usage: Usage | null;
};

export type HarnessOutcome = ProgramsEnd &
  ({ readonly kind: "result"; readonly result: AgentResult } | FailedSession);

/** Runs an agent program to its end. It never throws for what the agent does. */
export type Harness = (session: HarnessSession) => Promise<HarnessOutcome>;
