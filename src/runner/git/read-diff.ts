import type { GitPlace } from "./git-place.ts";
import { START_REF } from "./prepare-work-tree.ts";
import { runGit } from "./run-git.ts";

/** What the work changes so far, as a unified diff for the next attempt's prompt; "" when it is beyond showing. */
export async function readDiff(place: GitPlace, headSha: string): Promise<string> {
  try {
    const outcome = await runGit(
      place,
      ["diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", START_REF, headSha],
      { maxOutputBytes: 8 * 1024 * 1024 },
    );
    return outcome.stdout.toString("utf8");
  } catch {
    return "";
  }
}
