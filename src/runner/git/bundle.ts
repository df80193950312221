import { readFile, stat } from "node:fs/promises";
import { err, ok, type Result } from "../../base/result.ts";
import { WORK_REF } from "./commit-work-tree.ts";
import type { GitPlace } from "./git-place.ts";
import { START_REF } from "./prepare-work-tree.ts";
import { gitOutput, gitText, runGit } from "./run-git.ts";

/** Packs what lies between the start and the work into one file; it is not read when it is over the limit. */
export async function createBundle(
  place: GitPlace,
  file: string,
  maxBytes: number,
): Promise<Result<Buffer, string>> {
  await gitOutput(place, ["bundle", "create", "--quiet", file, WORK_REF, `^${START_REF}`]);
  const { size } = await stat(file);
  if (size > maxBytes)
    return err(`The work packs into ${size} bytes; at most ${maxBytes} can be handed over.`);
  return ok(await readFile(file));
}

/**
 * Takes the work out of a bundle that somebody else made. It must hold exactly one ref, be complete on top of
 * `startSha`, pass git's own object checks, and descend from that commit.
 */
export async function unpackBundle(
  place: GitPlace,
  file: string,
  startSha: string,
): Promise<Result<string, string>> {
  const verified = await runGit(place, ["bundle", "verify", "--quiet", file]);
  if (verified.exitCode !== 0)
    return err("The bundle is not one that git can read on top of the start commit.");
  const heads = (await gitText(place, ["bundle", "list-heads", file])).split("\n");
  if (heads.length !== 1 || heads[0]?.slice(41) !== WORK_REF) {
    return err(`The bundle must hold ${WORK_REF} and nothing else.`);
  }
  const fetched = await runGit(
    place,
    ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", file, `+${WORK_REF}:${WORK_REF}`],
    { settings: [["transfer.fsckObjects", "true"]] },
  );
  if (fetched.exitCode !== 0) {
    const why = /^(?:error|fatal): (.*(?:fsck|object).*)$/m.exec(fetched.stderr)?.[1] ?? "it is damaged";
    return err(`git refused the bundle's contents: ${why}.`);
  }
  const headSha = await gitText(place, ["rev-parse", "--verify", `${WORK_REF}^{commit}`]);
  const descends = await runGit(place, ["merge-base", "--is-ancestor", startSha, headSha]);
  if (descends.exitCode !== 0)
    return err(`The work is not built on ${startSha.slice(0, 12)}, where it began.`);
  return ok(headSha);
}
