import { parseDocument } from "yaml";
import { z } from "zod";
import { err, ok, type Result } from "../base/result.ts";
import { StageName } from "./briefing.ts";

/** Where a repository overrides a built-in role or adds its own: `<name>.md`, read from the base branch only. */
export const ROLE_DIRECTORY = ".github/baton/roles";

/** A role's file is at most this many characters: its prompt is part of every briefing. */
export const MAX_ROLE_CHARACTERS = 40_000;

const RoleWrites = z.enum(["nothing", "tests", "code"]);
type RoleWrites = z.infer<typeof RoleWrites>;

/** The front matter of a role's file. */
const RoleHeader = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, "must be lower-case letters, digits and dashes, at most 40 characters"),
  description: z.string().min(1).max(300),
  stages: z.array(StageName).min(1),
  tools: z.array(z.enum(["read", "search", "edit", "execute"])).min(1),
  writes: RoleWrites,
});

/** Who does a stage: what it may touch, and the instructions that go into the briefing. */
export type Role = z.infer<typeof RoleHeader> & { readonly prompt: string };

/** One sentence for the person who wrote the file, with the line (from 1) where it is known. */
export type RoleProblem = { readonly message: string; readonly line: number | null };

/**
 * What a stage lets its role change. The deliver job enforces it by the stage, so a role that promises more could
 * never keep its promise: such a file is refused when it is read.
 */
const WRITES_OF_STAGE: { readonly [S in z.infer<typeof StageName>]: RoleWrites } = {
  plan: "nothing",
  test: "tests",
  implement: "code",
  verify: "nothing",
  review: "nothing",
};

/** Reads a role's Markdown file: YAML front matter between `---` lines, then the prompt. */
export function parseRole(text: string): Result<Role, RoleProblem> {
  if (text.length > MAX_ROLE_CHARACTERS) {
    return problem(`The role has ${text.length} characters; at most ${MAX_ROLE_CHARACTERS} are allowed.`);
  }
  const parts = splitFrontMatter(text);
  if (!parts.ok) return parts;
  const header = readHeader(parts.value.header);
  if (!header.ok) return header;
  const prompt = parts.value.body.trim();
  if (prompt === "") {
    return problem("The role has no prompt: write its instructions below the front matter.");
  }
  const misplaced = header.value.stages.find((stage) => WRITES_OF_STAGE[stage] !== header.value.writes);
  if (misplaced !== undefined) {
    return problem(
      `A role of the stage "${misplaced}" writes ${WRITES_OF_STAGE[misplaced]}, but this one says "writes: ${header.value.writes}".`,
    );
  }
  return ok({ ...header.value, prompt });
}

function splitFrontMatter(text: string): Result<{ header: string; body: string }, RoleProblem> {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  if (lines[0]?.trimEnd() !== "---") {
    return problem('The role has no front matter: its first line must be "---".', 1);
  }
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === "---");
  if (end === -1) return problem('The front matter has no end: close it with a line "---".', 1);
  return ok({ header: lines.slice(1, end).join("\n"), body: lines.slice(end + 1).join("\n") });
}

function readHeader(text: string): Result<z.infer<typeof RoleHeader>, RoleProblem> {
  const document = parseDocument(text, { prettyErrors: false });
  const unreadable = document.errors[0];
  if (unreadable !== undefined) {
    // The front matter starts on the file's second line.
    const line = text.slice(0, unreadable.pos[0]).split("\n").length + 1;
    return problem(`The front matter is not valid YAML: ${firstSentence(unreadable.message)}`, line);
  }
  const parsed = RoleHeader.safeParse(toPlainValue(document));
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const key = issue?.path.join(".") ?? "";
  return problem(
    `${key === "" ? "The front matter" : `The key "${key}"`} is wrong: ${issue?.message ?? ""}.`,
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
  line: number | null = null,
): { readonly ok: false; readonly error: RoleProblem } {
  return err({ message, line });
}
