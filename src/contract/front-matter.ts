import { parseDocument } from "yaml";
import type { z } from "zod";
import { err, ok, type Result } from "../base/result.ts";

/** One sentence for the person who wrote the file, with the line (from 1) where it is known. */
export type FrontMatterProblem = { readonly message: string; readonly line: number | null };

/**
 * Splits a Markdown file into its YAML front matter, between `---` lines, and the rest.
 * @param wanted.subject what the file is, as the subject of a sentence: "The role".
 */
export function readFrontMatter<Header>(
  text: string,
  wanted: { readonly subject: string; readonly header: z.ZodType<Header> },
): Result<{ readonly header: Header; readonly body: string }, FrontMatterProblem> {
  const parts = split(text, wanted.subject);
  if (!parts.ok) return parts;
  const header = readHeader(parts.value.header, wanted.header);
  return header.ok ? ok({ header: header.value, body: parts.value.body }) : header;
}

function split(
  text: string,
  subject: string,
): Result<{ readonly header: string; readonly body: string }, FrontMatterProblem> {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  if (lines[0]?.trimEnd() !== "---") {
    return problem(`${subject} has no front matter: its first line must be "---".`, 1);
  }
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === "---");
  if (end === -1) return problem('The front matter has no end: close it with a line "---".', 1);
  return ok({ header: lines.slice(1, end).join("\n"), body: lines.slice(end + 1).join("\n") });
}

function readHeader<Header>(text: string, schema: z.ZodType<Header>): Result<Header, FrontMatterProblem> {
  const document = parseDocument(text, { prettyErrors: false });
  const unreadable = document.errors[0];
  if (unreadable !== undefined) {
    // The front matter starts on the file's second line.
    const line = text.slice(0, unreadable.pos[0]).split("\n").length + 1;
    return problem(`The front matter is not valid YAML: ${firstSentence(unreadable.message)}`, line);
  }
  const parsed = schema.safeParse(toPlainValue(document));
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const key = issue?.path.join(".") ?? "";
  return problem(
    `${key === "" ? "The front matter" : `The key "${key}"`} is wrong: ${issue?.message ?? ""}.`,
    null,
  );
}

/** An alias bomb makes `toJS` throw: it reads as no header at all. */
function toPlainValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch {
    return null;
  }
}

function firstSentence(message: string): string {
  const line = message.split("\n")[0] ?? message;
  return line.endsWith(".") ? line : `${line}.`;
}

function problem(
  message: string,
  line: number | null,
): { readonly ok: false; readonly error: FrontMatterProblem } {
  return err({ message, line });
}
