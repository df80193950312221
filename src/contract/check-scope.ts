import { matcherOf } from "../core/policy/glob/match-glob.ts";
import type { Stage } from "../core/task/state.ts";

/** One path that the work changes; modes as in git, "000000" for absent. A renamed file is one deleted and one added. */
export type ScopeEntry = {
  readonly path: string;
  readonly oldMode: string;
  readonly mode: string;
  /** Size of the new content; 0 when there is none. */
  readonly bytes: number;
};

/** What the policy says of what may be changed, as the briefing carries it. */
type ScopeRules = {
  /** What the role keeps to; empty: whatever the policy lets it. */
  readonly only: readonly string[];
  readonly deny: readonly string[];
  readonly tests: readonly string[];
  readonly maxFiles: number;
  readonly maxBytes: number;
};

export type ScopeQuestion = {
  readonly stage: Stage;
  readonly scope: ScopeRules;
  readonly entries: readonly ScopeEntry[];
};

const SUBMODULE_MODE = "160000";

/** A failure's summary holds this many characters, and nobody reads more examples than this. */
const MAX_SUMMARY = 1_000;
const SHOWN_PROBLEMS = 5;

/** Whether a stage may change what its work changes: null, or why not, in sentences that name the files. */
export function checkScope(question: ScopeQuestion): string | null {
  const problems = scopeProblems(question);
  if (problems.length === 0) return null;
  const shown = problems.slice(0, SHOWN_PROBLEMS);
  if (problems.length > shown.length) shown.push(`And ${problems.length - shown.length} more like these.`);
  const summary = shown.join(" ");
  return summary.length > MAX_SUMMARY ? `${summary.slice(0, MAX_SUMMARY - 1)}…` : summary;
}

/**
 * Everything that a stage's work changes and must not, a sentence each. The rules are those of role separation (the
 * tester writes only tests, the developer none, planner and reviewer nothing), of what the policy denies, and of what
 * no repository should be handed: submodules and paths that reach git's own files. What a symlink points to is for
 * whoever can read it.
 */
export function scopeProblems({ stage, scope, entries }: ScopeQuestion): readonly string[] {
  if (stage !== "test" && stage !== "implement") {
    return entries.length === 0
      ? []
      : [`The ${stage} stage changes nothing, but this changed ${named(entries)}.`];
  }
  return [...sizeProblems(scope, entries), ...pathProblems(stage, scope, entries)];
}

function sizeProblems(scope: ScopeRules, entries: readonly ScopeEntry[]): string[] {
  const problems: string[] = [];
  if (entries.length > scope.maxFiles) {
    problems.push(
      `The work changes ${entries.length} files, more than the ${scope.maxFiles} that the policy allows.`,
    );
  }
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (bytes > scope.maxBytes) {
    problems.push(
      `The changed files have ${bytes} bytes together, more than the ${scope.maxBytes} that the policy allows.`,
    );
  }
  return problems;
}

function pathProblems(
  stage: "test" | "implement",
  scope: ScopeRules,
  entries: readonly ScopeEntry[],
): readonly string[] {
  const isDenied = matcherOf(scope.deny, { ignoreCase: true });
  const isTest = matcherOf(scope.tests);
  const isOwn = scope.only.length === 0 ? () => true : matcherOf(scope.only);
  return entries.flatMap(({ path, oldMode, mode }) => {
    const shown = JSON.stringify(path);
    if (isUnsafe(path)) return [`${shown} is a path that a repository should not have.`];
    if (mode === SUBMODULE_MODE || oldMode === SUBMODULE_MODE) {
      return [`${shown} is a submodule, and work may not add, move or remove one.`];
    }
    if (isDenied(path)) return [`${shown} is protected by the policy (scope.deny).`];
    if (!isOwn(path)) return [`${shown} is outside of what the role changes (its scope.only).`];
    if (stage === "test" && !isTest(path))
      return [`${shown} is not a test, and the tester changes only tests.`];
    if (stage === "implement" && isTest(path))
      return [`${shown} is a test, and the developer changes no tests.`];
    return [];
  });
}

/**
 * Paths that lead out of the work tree, into git's directory under any of the names that some file system takes for
 * it (see git's own check of paths, `verify_path`), or that cannot be shown on one line.
 */
function isUnsafe(path: string): boolean {
  if (path === "" || path.includes("\\") || /\p{Cc}/u.test(path)) return true;
  return path.split("/").some((segment) => {
    // HFS+ ignores these characters within names, NTFS trailing dots and spaces and what follows a colon.
    const folded = segment.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu, "").toLowerCase();
    const bare = folded.replace(/:.*$/u, "").replace(/[. ]+$/u, "");
    return segment === "" || segment === "." || segment === ".." || bare === ".git" || bare === "git~1";
  });
}

function named(entries: readonly ScopeEntry[]): string {
  const [first, ...others] = entries.map(({ path }) => JSON.stringify(path));
  return others.length === 0 ? String(first) : `${String(first)} and ${others.length} more`;
}
