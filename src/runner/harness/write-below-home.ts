import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Writes an agent program's own settings: texts by their paths below the session's home. */
export async function writeBelowHome(
  homeDir: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(homeDir, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: 0o600 });
  }
}
