import { z } from "zod";
import { err, ok, type Result } from "../base/result.ts";
import { StageName } from "./briefing.ts";
import { readFrontMatter, type FrontMatterProblem } from "./front-matter.ts";
import { HarnessName } from "./harness/harness-name.ts";
import { StageLimits } from "./repository-config/harness-schema.ts";
import { PartName } from "./repository-config/mcp-schema.ts";
import { Glob } from "./repository-config/scalar-forms.ts";

/** Where a repository overrides a built-in role or adds its own: `<name>.md`, read from the base branch only. */
export const ROLE_DIRECTORY = ".github/baton/roles";

/** A role's file is at most this many characters: its prompt is part of every briefing. */
export const MAX_ROLE_CHARACTERS = 40_000;

const RoleWrites = z.enum(["nothing", "tests", "code"]);
type RoleWrites = z.infer<typeof RoleWrites>;

/** What an agent can give back; `summary` it always gives. */
const RoleOutput = z.enum(["summary", "plan", "verdict", "question"]);
type RoleOutput = z.infer<typeof RoleOutput>;

const Globs = z.array(Glob).max(100).default([]);

/** The front matter of a role's file. */
const RoleHeader = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, "must be lower-case letters, digits and dashes, at most 40 characters"),
  description: z.string().min(1).max(300),
  stages: z.array(StageName).min(1),
  tools: z.array(z.enum(["read", "search", "edit", "execute"])).min(1),
  writes: RoleWrites,
  /** Which harnesses do it best, the best first: of those that the policy names, the first is taken. */
  harness: z
    .array(z.strictObject({ use: HarnessName, model: z.string().min(1).max(100).optional() }))
    .max(10)
    .default([]),
  /** Narrows what the policy lets the role's stage change; an empty `only` means all of it. */
  scope: z.strictObject({ only: Globs, deny: Globs }).prefault({}),
  /** What the role gives back; without it, all that its stages can give, and a question. */
  outputs: z.array(RoleOutput).min(1).optional(),
  /** Instead of the policy's at the top. */
  skills: z.array(PartName).max(20).optional(),
  /** Which of the policy's MCP servers the role uses; without it, all. */
  mcp: z.array(PartName).max(20).optional(),
  limits: StageLimits,
});

/** Who does a stage: what it may touch and would like, and the instructions that go into the briefing. */
export type Role = Omit<z.infer<typeof RoleHeader>, "outputs"> & {
  readonly outputs: readonly RoleOutput[];
  readonly prompt: string;
};

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

/** What a stage must give back beside its summary. */
const OUTPUT_OF_STAGE: { readonly [S in z.infer<typeof StageName>]: RoleOutput | null } = {
  plan: "plan",
  test: null,
  implement: null,
  verify: null,
  review: "verdict",
};

/** Reads a role's Markdown file: YAML front matter between `---` lines, then the prompt. */
export function parseRole(text: string): Result<Role, FrontMatterProblem> {
  if (text.length > MAX_ROLE_CHARACTERS) {
    return problem(`The role has ${text.length} characters; at most ${MAX_ROLE_CHARACTERS} are allowed.`);
  }
  const parts = readFrontMatter(text, { subject: "The role", header: RoleHeader });
  if (!parts.ok) return parts;
  const { header } = parts.value;
  const prompt = parts.value.body.trim();
  if (prompt === "") {
    return problem("The role has no prompt: write its instructions below the front matter.");
  }
  const misplaced = header.stages.find((stage) => WRITES_OF_STAGE[stage] !== header.writes);
  if (misplaced !== undefined) {
    return problem(
      `A role of the stage "${misplaced}" writes ${WRITES_OF_STAGE[misplaced]}, but this one says "writes: ${header.writes}".`,
    );
  }
  const outputs = readOutputs(header);
  return outputs.ok ? ok({ ...header, outputs: outputs.value, prompt }) : outputs;
}

/** A role that cannot give what its stage must give would fail every attempt. */
function readOutputs({
  stages,
  outputs,
}: z.infer<typeof RoleHeader>): Result<readonly RoleOutput[], FrontMatterProblem> {
  const needed = ["summary" as const, ...stages.flatMap((stage) => OUTPUT_OF_STAGE[stage] ?? [])];
  if (outputs === undefined) return ok([...needed, "question"]);
  const missing = needed.find((output) => !outputs.includes(output));
  if (missing !== undefined) {
    return problem(
      `A role of the stage "${stages.join('" and "')}" gives a ${missing}: add it to "outputs".`,
    );
  }
  const odd = outputs.find((output) => output !== "question" && !needed.includes(output));
  if (odd === undefined) return ok(outputs);
  return problem(`No stage of this role takes a ${odd}: remove it from "outputs".`);
}

function problem(
  message: string,
  line: number | null = null,
): { readonly ok: false; readonly error: FrontMatterProblem } {
  return err({ message, line });
}
