import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { RepositoryConfig } from "./config-schema.ts";
import { explainIssue } from "./explain-issue.ts";
import type { YamlFile } from "./read-yaml.ts";
import { readYaml } from "./read-yaml.ts";
import { toPolicy } from "./to-policy.ts";

/** More problems than this are not read any more; the first ones usually cause the rest. */
const MAX_PROBLEMS = 20;

/**
 * The policy that a `.github/baton.yml` means, with all defaults filled in, or everything that is wrong with it. A file that
 * is absent or could not be fetched is no invalid one: callers answer those two themselves.
 */
export function parseRepositoryConfig(text: string): Result<Policy, readonly ConfigProblem[]> {
  const file = readYaml(text);
  if (!file.ok) return err(file.error.slice(0, MAX_PROBLEMS));
  const version = problemOfVersion(file.value);
  if (version) return err([version]);
  const parsed = RepositoryConfig.safeParse(file.value.value);
  if (parsed.success) return ok(toPolicy(parsed.data));
  const problems = parsed.error.issues.flatMap((issue) => explainIssue(issue, file.value));
  return err(problems.toSorted((a, b) => a.line - b.line || a.column - b.column).slice(0, MAX_PROBLEMS));
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
