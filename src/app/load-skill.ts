import type { Result } from "../base/result.ts";
import { err, ok } from "../base/result.ts";
import type { Skill } from "../contract/briefing.ts";
import { MAX_SKILL_FILES, parseSkill, SKILL_DIRECTORY } from "../contract/skill.ts";
import type { Repository } from "../core/task/state.ts";
import type { GitHub } from "../ports/github.ts";

type Place = { readonly repository: Repository; readonly ref: string };

/** A skill of the repository with all its files, at a commit; the error is one sentence that names the path. */
export async function loadSkill(github: GitHub, at: Place, name: string): Promise<Result<Skill, string>> {
  const root = `${SKILL_DIRECTORY}/${name}`;
  const paths = await listAll(github, at, root);
  if (paths === null) return err(`There is no skill "${name}": add ${root}/SKILL.md.`);
  if (!paths.ok) return err(`${root}: ${paths.error}`);
  const files: Skill["files"] = [];
  for (const path of paths.value) {
    const file = await github.readFile(at.repository, path, at.ref);
    if (file.kind !== "found") {
      return err(`${path} cannot be read: ${file.kind === "absent" ? "it is gone." : file.why}`);
    }
    files.push({ path: path.slice(root.length + 1), text: file.text });
  }
  const parsed = parseSkill(name, files);
  return parsed.ok ? parsed : err(`${root}: ${parsed.error}`);
}

/** The files below a directory, to the depth that the bound on their number allows; null where there is none. */
async function listAll(
  github: GitHub,
  at: Place,
  root: string,
): Promise<Result<readonly string[], string> | null> {
  const files: string[] = [];
  const directories = [root];
  for (const directory of directories) {
    const entries = await github.list(at.repository, directory, at.ref);
    if (entries === null) return directory === root ? null : err(`${directory} is gone.`);
    const odd = entries.find(({ kind }) => kind === "other");
    if (odd !== undefined) return err(`${odd.path} is neither a file nor a directory.`);
    files.push(...entries.filter(({ kind }) => kind === "file").map(({ path }) => path));
    directories.push(...entries.filter(({ kind }) => kind === "directory").map(({ path }) => path));
    if (files.length + directories.length > MAX_SKILL_FILES + 1) {
      return err(`The skill has more than the ${MAX_SKILL_FILES} files and folders that are read.`);
    }
  }
  return ok(files);
}
