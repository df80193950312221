import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git } from "../git.ts";

/** A file that `init` wants in the repository. */
export type WantedFile = { readonly path: string; readonly text: string };

export type PlannedFile = WantedFile & {
  readonly state: "new" | "same" | "differs";
  /** What is there now; null for a new file. */
  readonly present: string | null;
};

export function planFile(wanted: WantedFile, present: string | null): PlannedFile {
  const state = present === null ? "new" : present === wanted.text ? "same" : "differs";
  return { ...wanted, state, present };
}

/** What writing the file would change, as a unified diff. */
export async function describeDifference({ path, text, present }: PlannedFile): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "baton-diff-"));
  try {
    await writeFile(join(directory, "present"), present ?? "");
    await writeFile(join(directory, "wanted"), text);
    const answer = await git(directory, [
      "diff",
      "--no-index",
      "--no-color",
      "--no-ext-diff",
      "present",
      "wanted",
    ]);
    const hunks = answer.stdout.slice(answer.stdout.indexOf("@@"));
    return `--- ${path} (as it is)\n+++ ${path} (as baton init writes it)\n${hunks}`;
  } finally {
    await rm(directory, { recursive: true });
  }
}
