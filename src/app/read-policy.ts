import { err, ok, type Result } from "../base/result.ts";
import type { Policy } from "../core/policy/policy.ts";
import type { Repository } from "../core/task/state.ts";
import type { ConfigProblem } from "../contract/repository-config/config-problem.ts";
import { CONFIG_PATH } from "../contract/repository-config/config-problem.ts";
import {
  explainLack,
  readRepositoryConfig,
  settlePolicy,
  type ReadConfig,
} from "../contract/repository-config/parse-repository-config.ts";
import type { AgentStage, StageRole, StageRoles } from "../contract/repository-config/to-policy.ts";
import { ROLE_DIRECTORY } from "../contract/role.ts";
import type { FileContent, GitHub } from "../ports/github.ts";
import { pathOfRole, readRole } from "./load-role.ts";
import { loadSkill } from "./load-skill.ts";

/** Absent, unreadable and invalid are three different answers. */
export type PolicyRead =
  | { readonly kind: "valid"; readonly policy: Policy }
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly why: string }
  | { readonly kind: "invalid"; readonly problems: readonly ConfigProblem[] };

/**
 * The policy as it is at a commit, with what the roles that it names prefer. For governing work, only commits of the
 * base branch may be asked for.
 */
export async function readPolicy(github: GitHub, repository: Repository, ref: string): Promise<PolicyRead> {
  const file = await github.readFile(repository, CONFIG_PATH, ref);
  if (file.kind !== "found") return file;
  const read = readRepositoryConfig(file.text);
  if (!read.ok) return { kind: "invalid", problems: read.error };
  const at = { repository, ref };
  const roles = await loadRoles(github, at, read.value);
  if (!roles.ok) return { kind: "invalid", problems: roles.error };
  return settle(github, at, { read: read.value, roles: roles.value });
}

type Place = { readonly repository: Repository; readonly ref: string };

/** One look at the directory spares a request for each role that is a built-in one. */
async function loadRoles(
  github: GitHub,
  { repository, ref }: Place,
  { config, file }: ReadConfig,
): Promise<Result<StageRoles, readonly ConfigProblem[]>> {
  const own = (await github.list(repository, ROLE_DIRECTORY, ref)) ?? [];
  const roles: { [S in AgentStage]?: StageRole } = {};
  const problems: ConfigProblem[] = [];
  for (const stage of Object.keys(config.stages) as AgentStage[]) {
    const name = config.stages[stage].role;
    const isOwn = own.some(({ path }) => path === pathOfRole(name));
    const content: FileContent = isOwn
      ? await github.readFile(repository, pathOfRole(name), ref)
      : { kind: "absent" };
    const found = await readRole(content, { name, stage });
    if (found.ok) roles[stage] = found.value;
    else problems.push(problemOf(["stages", stage, "role"], found.error, file));
  }
  return problems.length === 0 ? ok(roles) : err(problems);
}

async function settle(
  github: GitHub,
  at: Place,
  { read, roles }: { readonly read: ReadConfig; readonly roles: StageRoles },
): Promise<PolicyRead> {
  const settled = settlePolicy(read, roles);
  if (!settled.ok) return { kind: "invalid", problems: settled.error };
  const policy = settled.value;
  const names = new Set(Object.values(policy.stages).flatMap(({ skills = [] }) => skills));
  const problems: ConfigProblem[] = [];
  for (const name of names) {
    const skill = await loadSkill(github, at, name);
    if (!skill.ok) problems.push(problemOf(whoNames(read, name), skill.error, read.file));
  }
  return problems.length === 0 ? { kind: "valid", policy } : { kind: "invalid", problems };
}

/** The key that brought a skill in: at the top, of a stage, or the role of one. */
function whoNames({ config }: ReadConfig, skill: string): readonly PropertyKey[] {
  const top = config.skills.indexOf(skill);
  if (top !== -1) return ["skills", top];
  for (const [stage, { skills = [] }] of Object.entries(config.stages)) {
    const index = skills.indexOf(skill);
    if (index !== -1) return ["stages", stage, "skills", index];
  }
  return ["stages"];
}

function problemOf(path: readonly PropertyKey[], sentence: string, file: ReadConfig["file"]): ConfigProblem {
  const remedy = "Mend the file or name another one.";
  return explainLack({ path, message: `cannot be used: ${sentence.replace(/\.$/, "")}`, remedy }, file);
}
