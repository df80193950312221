import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Skill } from "../../contract/briefing.ts";

/** Lays each skill's folder below `directory`, outside of the work tree, where nothing of it can be handed over. */
export async function placeSkills(directory: string, skills: readonly Skill[]): Promise<void> {
  for (const { name, files } of skills) {
    for (const { path, text } of files) {
      const file = join(directory, name, path);
      // The server has checked it; a path that leads out is a bug there and must do no harm here.
      if (!file.startsWith(join(directory, name, "/"))) {
        throw new Error(`The skill ${name} has a file outside of its folder: ${path}.`);
      }
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }
}
