import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";
import { STAGES } from "../task/state.ts";
import type { Stage } from "../task/state.ts";
import type { CommandDeclaration } from "./command-declarations.ts";
import { commandWords, findDeclaration } from "./command-declarations.ts";
import { nearestWord } from "./nearest-word.ts";
import type { ParsedCommand } from "./parsed-command.ts";

/** What a person adds for the agent or the record, on one line. */
const MAX_FREE_TEXT = 2_000;

type Reading = Result<ParsedCommand, string>;

/**
 * Reads one line that may hold a command. null: it is not meant for Baton, be it prose, a path or another program's
 * command; only `/baton …` and `@<app> …` are certainly meant for it. The error is one sentence with the remedy.
 */
export function readCommandLine(text: string, line: number, appSlug: string): Reading | null {
  const addressed = stripAddress(text.trim(), appSlug);
  if (addressed !== null) return readAddressed(addressed, line);
  const [, word = "", rest = ""] = /^\/([A-Za-z][A-Za-z-]*)(.*)$/su.exec(text.trim()) ?? [];
  const declaration = findDeclaration(word);
  if (!declaration) return null;
  if (/^[.,:;!?]+$/u.test(rest)) {
    return err(`"/${word}${rest}" is not a command: write "/${declaration.name}" without the punctuation.`);
  }
  return rest === "" || /^\s/u.test(rest) ? readArguments(declaration, rest.trim(), line) : null;
}

/** What follows `/baton` or `@<app>`; null when the line does not begin so. */
function stripAddress(text: string, appSlug: string): string | null {
  const [first = ""] = text.split(/\s/u, 1);
  const mention = `@${appSlug.toLowerCase()}`;
  const addresses = ["/baton", mention, `${mention}[bot]`];
  const bare = first.toLowerCase().replace(/[:,]$/u, "");
  return addresses.includes(bare) ? text.slice(first.length).trim() : null;
}

function readAddressed(text: string, line: number): Reading {
  if (text === "") return ok({ name: "help", line });
  const [first = ""] = text.split(/\s/u, 1);
  const word = first.replace(/^\//u, "").replace(/[.,:;!?]+$/u, "");
  const declaration = findDeclaration(word);
  if (declaration) return readArguments(declaration, text.slice(first.length).trim(), line);
  const nearest = nearestWord(word, commandWords());
  const hint = nearest ? `Did you mean "/${nearest}"?` : 'Write "/baton help" for the list.';
  return err(`"${shown(word)}" is not a command of Baton. ${hint}`);
}

function readArguments(declaration: CommandDeclaration, rest: string, line: number): Reading {
  switch (declaration.name) {
    case "approve":
      return readApprove(declaration, rest, line);
    case "retry":
      return readRetry(declaration, rest, line);
    case "cancel":
      return readCancel(declaration, rest, line);
    case "hold":
    case "resume":
    case "status":
    case "help":
      if (rest === "") return ok({ name: declaration.name, line });
      return err(`"/${declaration.name}" stands alone on its line, without "${shown(rest)}".`);
  }
}

/** Digests are shown as code, so they may come back with their backticks. */
function readApprove(declaration: CommandDeclaration, rest: string, line: number): Reading {
  if (rest === "") return ok({ name: "approve", digest: null, line });
  const digest = rest
    .replace(/^(`+)(.*)\1$/u, "$2")
    .trim()
    .toLowerCase();
  if (/^[0-9a-f]{7,64}$/u.test(digest)) return ok({ name: "approve", digest, line });
  return err(
    `"${shown(rest)}" is not a digest, which is 7 to 64 of the characters 0-9 and a-f. Usage: ${declaration.usage}`,
  );
}

function readRetry(declaration: CommandDeclaration, rest: string, line: number): Reading {
  const { before, after } = splitAtDashes(rest);
  const guidance = readFreeText(after, declaration);
  if (!guidance.ok) return guidance;
  if (before === "") return ok({ name: "retry", stage: null, guidance: guidance.value, line });
  const word = before.toLowerCase();
  const stage = STAGES.find((candidate) => candidate === word);
  if (stage) return ok({ name: "retry", stage, guidance: guidance.value, line });
  return err(problemOfStage(before, after));
}

function problemOfStage(before: string, after: string | null): string {
  const nearest: Stage | null = /\s/u.test(before) ? null : (nearestWord(before, STAGES) as Stage | null);
  const list = STAGES.join(", ");
  if (nearest) return `"${shown(before)}" is not a stage (${list}). Did you mean "/retry ${nearest}"?`;
  const advice = after === null ? ` Guidance comes after two dashes: /retry -- ${shown(before)}` : "";
  return `"${shown(before)}" is not a stage (${list}).${advice}`;
}

function readCancel(declaration: CommandDeclaration, rest: string, line: number): Reading {
  const { before, after } = splitAtDashes(rest);
  if (before !== "") return err(`The reason comes after two dashes: /cancel -- ${shown(before)}`);
  const why = readFreeText(after, declaration);
  return why.ok ? ok({ name: "cancel", why: why.value, line }) : why;
}

/** Phones turn two dashes into one long one, so that counts too. */
function splitAtDashes(rest: string): { readonly before: string; readonly after: string | null } {
  const dashes = /(?:^|\s)(?:--|–|—)(?:\s|$)/u.exec(rest);
  if (!dashes) return { before: rest, after: null };
  return {
    before: rest.slice(0, dashes.index).trim(),
    after: rest.slice(dashes.index + dashes[0].length).trim(),
  };
}

function readFreeText(text: string | null, declaration: CommandDeclaration): Result<string | null, string> {
  if (text === null || text === "") return ok(null);
  if (text.length <= MAX_FREE_TEXT) return ok(text);
  return err(
    `What follows the dashes is longer than ${MAX_FREE_TEXT} characters. Usage: ${declaration.usage}`,
  );
}

/** Quotes what a person wrote back to them, shortened. */
function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
