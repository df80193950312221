import type { SessionError, SessionEvent } from "../../../contract/session-event.ts";

/** Looks after an agent that tells of failed requests in what it prints as errors alone, and would go on without end. */
export type Watch = {
  /** What a line shows; null: it is for people to read as it is. */
  readonly read: (line: string) => readonly SessionEvent[] | null;
  readonly onToolResult: () => void;
  /** Why no more can come of it; null while it may. */
  readonly hopeless: () => SessionError | null;
};
