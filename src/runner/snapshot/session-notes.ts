import type { SessionEvent } from "../../contract/session-event.ts";

/** What a session showed, in short: for another agent that has to go on without its transcript. */
export type SessionNotes = {
  readonly note: (event: SessionEvent) => void;
  /** As the agent's program calls the session; null until it has said so. */
  readonly sessionId: () => string | null;
  /** The last of what the agent said and did, oldest first; "" while it has done nothing. */
  readonly summary: () => string;
};

const MAX_LINES = 60;
const MAX_LINE_CHARACTERS = 300;

export function createSessionNotes(): SessionNotes {
  const lines: string[] = [];
  let sessionId: string | null = null;

  function add(line: string): void {
    const plain = line.replace(/\s+/g, " ").trim();
    if (plain === "") return;
    lines.push(plain.length > MAX_LINE_CHARACTERS ? `${plain.slice(0, MAX_LINE_CHARACTERS - 1)}…` : plain);
    if (lines.length > MAX_LINES) lines.shift();
  }

  return {
    note: (event) => {
      if (event.type === "run.started") sessionId = event.sessionId;
      else if (event.type === "message" && event.role === "assistant") add(event.text);
      else if (event.type === "tool_call") add(`- ${event.title}`);
      else if (event.type === "tool_result" && event.status !== "completed") add(`  ${event.status}`);
    },
    sessionId: () => sessionId,
    summary: () => lines.join("\n"),
  };
}
