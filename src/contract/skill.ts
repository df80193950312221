import { z } from "zod";
import { err, ok, type Result } from "../base/result.ts";
import type { Skill } from "./briefing.ts";
import { readFrontMatter } from "./front-matter.ts";

/** Where a repository keeps its skills: a folder each, read from the base branch only. */
export const SKILL_DIRECTORY = ".github/baton/skills";

/** What an agent reads first of a skill. */
const SKILL_FILE = "SKILL.md";

/** A skill is text that goes with every briefing of its stage: no more files, and no more characters in all of them. */
export const MAX_SKILL_FILES = 30;
export const MAX_SKILL_CHARACTERS = 100_000;

/** As the Agent Skills format has it; what else stands there is for the agent. */
const SkillHeader = z.looseObject({ name: z.string(), description: z.string().trim().min(1).max(1_024) });

/**
 * Reads a skill's folder. The problem is one sentence.
 * @param files paths are relative to the folder.
 */
export function parseSkill(name: string, files: Skill["files"]): Result<Skill, string> {
  const main = files.find(({ path }) => path === SKILL_FILE);
  if (main === undefined) return err(`The skill has no ${SKILL_FILE}.`);
  const tooLarge = excessOf(files);
  if (tooLarge !== null) return err(tooLarge);
  const read = readFrontMatter(main.text, { subject: "The skill", header: SkillHeader });
  if (!read.ok) return err(read.error.message);
  const { header } = read.value;
  if (header.name !== name) return err(`The skill calls itself "${header.name}", but its folder is ${name}.`);
  return ok({ name, description: header.description, files });
}

function excessOf(files: Skill["files"]): string | null {
  if (files.length > MAX_SKILL_FILES) {
    return `The skill has ${files.length} files; at most ${MAX_SKILL_FILES} are allowed.`;
  }
  const characters = files.reduce((sum, { text }) => sum + text.length, 0);
  if (characters <= MAX_SKILL_CHARACTERS) return null;
  return `The skill has ${characters} characters; at most ${MAX_SKILL_CHARACTERS} are allowed.`;
}
