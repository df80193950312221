import { gitText, runGit } from "./run-git.ts";

export interface Comparison {
  readonly mergeBase: string;
  /** Commits that the head has and the base has not. */
  readonly aheadBy: number;
  readonly behindBy: number;
}

/** How two commits relate; `undefined` when their histories share nothing. */
export async function compareCommits(
  gitDir: string,
  base: string,
  head: string,
): Promise<Comparison | undefined> {
  const mergeBase = await findMergeBase(gitDir, base, head);
  if (mergeBase === undefined) return undefined;
  const counted = await gitText(gitDir, ["rev-list", "--left-right", "--count", `${base}...${head}`]);
  const [behind, ahead] = counted.split("\t");
  return { mergeBase, aheadBy: Number(ahead), behindBy: Number(behind) };
}

/** The best common ancestor; `undefined` when there is none. */
export async function findMergeBase(gitDir: string, base: string, head: string): Promise<string | undefined> {
  const { code, stdout } = await runGit(gitDir, ["merge-base", base, head], { answers: [0, 1] });
  return code === 0 ? stdout.toString("utf8").trim() : undefined;
}
