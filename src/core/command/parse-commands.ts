import { commandLines } from "./command-lines.ts";
import type { CommandProblem, ParsedCommand } from "./parsed-command.ts";
import { readCommandLine } from "./read-command-line.ts";

export type CommentReading = {
  /** In the order in which they were written. */
  readonly commands: readonly ParsedCommand[];
  readonly problems: readonly CommandProblem[];
};

/** A longer comment is not searched: Markdown takes more than linear time, and a comment of any size is a cheap lever. */
export const MAX_COMMENT_LENGTH = 16_384;

/** Deeper quotes or lists on one line are not written by people. */
const MAX_NESTING = 40;

const MAX_COMMANDS = 10;

/**
 * The commands in a comment. Those that are quoted, in code, in tables, in links or in HTML are left alone, since
 * nobody gives a command by citing one. `appSlug`: the App's name as people mention it, without "@".
 */
export function parseCommands(markdown: string, { appSlug }: { readonly appSlug: string }): CommentReading {
  const text = markdown.replace(/^\uFEFF/u, "");
  const candidates = candidateLines(text, appSlug);
  const [first] = candidates;
  if (first === undefined) return { commands: [], problems: [] };
  if (text.length > MAX_COMMENT_LENGTH || isTooNested(text)) {
    const message =
      "This comment is too long or too nested to look for commands in: write them in one of their own.";
    return { commands: [], problems: [{ line: first, message }] };
  }
  return readLines(text, appSlug);
}

function readLines(text: string, appSlug: string): CommentReading {
  const commands: ParsedCommand[] = [];
  const problems: CommandProblem[] = [];
  for (const { text: lineText, line } of commandLines(text)) {
    const reading = readCommandLine(lineText, line, appSlug);
    if (reading === null) continue;
    if (commands.length + problems.length === MAX_COMMANDS) {
      problems.push({
        line,
        message: `A comment can give ${MAX_COMMANDS} commands; this line and what follows was left out.`,
      });
      break;
    }
    if (reading.ok) commands.push(reading.value);
    else problems.push({ line, message: reading.error });
  }
  return { commands, problems };
}

/** Numbers of the lines that would be commands if they were plain text: most comments have none and need no parser. */
function candidateLines(text: string, appSlug: string): number[] {
  return text
    .split(/\r\n|\r|\n/u)
    .flatMap((line, index) =>
      /^\s*[/@]/u.test(line) && readCommandLine(line, index + 1, appSlug) ? [index + 1] : [],
    );
}

function isTooNested(text: string): boolean {
  const markers = new RegExp(`^(?:[ \\t]*(?:>|[-+*]|\\d{1,9}[.)])){${MAX_NESTING}}`, "mu");
  return markers.test(text);
}
