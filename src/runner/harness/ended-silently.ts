import type { SessionError } from "../../contract/session-event.ts";
import type { CliExit } from "./cli-adapter.ts";

const MAX_SAID_CHARACTERS = 300;

/** The error of a program that ended without saying how its work did, whatever its exit code. */
export function endedSilently(program: string, { exitCode, signal, stderr }: CliExit): SessionError {
  const how = exitCode === null ? `by ${signal ?? "a signal"}` : `with code ${exitCode}`;
  const said = lastLineOf(stderr);
  return {
    class: "unknown",
    httpStatus: null,
    message: `${program} ended ${how} without saying how its work did.${said === "" ? "" : ` Its last line was: ${said}`}`,
    retryable: false,
  };
}

export function lastLineOf(text: string): string {
  return (text.trim().split("\n").at(-1) ?? "").slice(0, MAX_SAID_CHARACTERS);
}
