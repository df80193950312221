/** Where the policy of a repository stands, on its base branch. */
export const CONFIG_PATH = ".github/baton.yml";

/** What is wrong with the file, where, and what to do about it: shown as an annotation on the line. */
export type ConfigProblem = {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  /** Path of the key, as in `tiers.rules[0].tier`; "" for the file as a whole. */
  readonly key: string;
  /** One sentence. */
  readonly message: string;
  /** One sentence. */
  readonly remedy: string;
};

/** The problem as one line, for logs and terminals. */
export function describeConfigProblem(problem: ConfigProblem): string {
  return `${CONFIG_PATH}:${problem.line}:${problem.column} ${problem.message} ${problem.remedy}`;
}

/** A path within the file as people write it. */
export function keyOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((key, part) => {
    if (typeof part === "number") return `${key}[${part}]`;
    return key === "" ? String(part) : `${key}.${String(part)}`;
  }, "");
}
