import type { NotCalled } from "./cli-adapter.ts";
import type { HarnessOutcome } from "./harness.ts";
import { endOfFailed } from "./session-end.ts";

/** The outcome of a session that could not begin: what it needs is not there. */
export function notBegun({ message, class: errorClass }: NotCalled): HarnessOutcome {
  return {
    kind: "failed",
    failure: "agent",
    summary: message,
    ...endOfFailed(message, { class: errorClass }),
  };
}
