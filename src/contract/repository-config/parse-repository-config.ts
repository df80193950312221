import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { keyOf } from "./config-problem.ts";
import { RepositoryConfig } from "./config-schema.ts";
import { explainIssue } from "./explain-issue.ts";
import type { Lack } from "./find-lacks.ts";
import { findLacks } from "./find-lacks.ts";
import type { YamlFile } from "./read-yaml.ts";
import { readYaml } from "./read-yaml.ts";
import type { StageRoles } from "./to-policy.ts";
import { toPolicy } from "./to-policy.ts";
import { positionOfValue } from "./yaml-positions.ts";

/** More problems than this are not read any more; the first ones usually cause the rest. */
const MAX_PROBLEMS = 20;

/** A file that is valid in itself; what it names in the repository has not been looked at. */
export type ReadConfig = { readonly config: RepositoryConfig; readonly file: YamlFile };

/**
 * The policy that a `.github/baton.yml` means by itself, without what the roles that it names prefer, or everything
 * that is wrong with it. A file that is absent or could not be fetched is no invalid one: callers answer those two
 * themselves.
 */
export function parseRepositoryConfig(text: string): Result<Policy, readonly ConfigProblem[]> {
  const read = readRepositoryConfig(text);
  return read.ok ? settlePolicy(read.value, {}) : read;
}

/** Reads the file alone, so that a caller can fetch the roles it names. */
export function readRepositoryConfig(text: string): Result<ReadConfig, readonly ConfigProblem[]> {
  const file = readYaml(text);
  if (!file.ok) return err(file.error.slice(0, MAX_PROBLEMS));
  const version = problemOfVersion(file.value);
  if (version) return err([version]);
  const parsed = RepositoryConfig.safeParse(file.value.value);
  if (parsed.success) return ok({ config: parsed.data, file: file.value });
  return err(inOrder(parsed.error.issues.flatMap((issue) => explainIssue(issue, file.value))));
}

/** The policy with what its roles prefer; what is asked of a harness that cannot do it is a problem of the file. */
export function settlePolicy(
  { config, file }: ReadConfig,
  roles: StageRoles,
): Result<Policy, readonly ConfigProblem[]> {
  const policy = toPolicy(config, roles);
  const lacks = findLacks(config, policy, roles);
  return lacks.length === 0 ? ok(policy) : err(inOrder(lacks.map((lack) => explainLack(lack, file))));
}

/** What is wrong with what a key names, at the place of the key. */
export function explainLack({ path, message, remedy }: Lack, file: YamlFile): ConfigProblem {
  const position = positionOfValue(file.document, file.lines, path);
  return { ...position, key: keyOf(path), message: `${keyOf(path)} ${message}.`, remedy };
}

function inOrder(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column).slice(0, MAX_PROBLEMS);
}

/** Of another version every other key could mean something else, so nothing more is said about them. */
function problemOfVersion(file: YamlFile): ConfigProblem | null {
  const { value } = file;
  if (typeof value !== "object" || value === null || !("version" in value)) return null;
  const parsed = RepositoryConfig.shape.version.safeParse(value.version);
  const [issue] = parsed.error?.issues ?? [];
  if (!issue) return null;
  const [problem] = explainIssue({ ...issue, path: ["version"] }, file);
  return problem ?? null;
}
