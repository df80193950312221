import type { Stage } from "../task/state.ts";

/** A command as a person wrote it; `line` counts from 1 within the comment. */
export type ParsedCommand = { readonly line: number } & (
  | {
      readonly name: "approve";
      /** Lower-case beginning of the digest meant; null: whatever is asked for. */
      readonly digest: string | null;
    }
  | { readonly name: "retry"; readonly stage: Stage | null; readonly guidance: string | null }
  | { readonly name: "cancel"; readonly why: string | null }
  | { readonly name: "hold" }
  | { readonly name: "resume" }
  | { readonly name: "status" }
  | { readonly name: "help" }
);

/** A line that is meant for Baton and cannot be carried out; `message` is one sentence with the remedy. */
export type CommandProblem = { readonly line: number; readonly message: string };

/** The command as a line of a comment, which parses back to the same command. */
export function formatCommand(command: ParsedCommand): string {
  switch (command.name) {
    case "approve":
      return command.digest === null ? "/approve" : `/approve ${command.digest}`;
    case "retry": {
      const stage = command.stage === null ? "" : ` ${command.stage}`;
      return `/retry${stage}${command.guidance === null ? "" : ` -- ${command.guidance}`}`;
    }
    case "cancel":
      return command.why === null ? "/cancel" : `/cancel -- ${command.why}`;
    case "hold":
    case "resume":
    case "status":
    case "help":
      return `/${command.name}`;
  }
}
