import type { Policy } from "../core/policy/policy.ts";
import type { Repository } from "../core/task/state.ts";
import type { ConfigProblem } from "../contract/repository-config/config-problem.ts";
import { CONFIG_PATH } from "../contract/repository-config/config-problem.ts";
import { parseRepositoryConfig } from "../contract/repository-config/parse-repository-config.ts";
import type { GitHub } from "../ports/github.ts";

/** Absent, unreadable and invalid are three different answers. */
export type PolicyRead =
  | { readonly kind: "valid"; readonly policy: Policy }
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly why: string }
  | { readonly kind: "invalid"; readonly problems: readonly ConfigProblem[] };

/** The policy as it is at a commit. For governing work, only commits of the base branch may be asked for. */
export async function readPolicy(github: GitHub, repository: Repository, ref: string): Promise<PolicyRead> {
  const file = await github.readFile(repository, CONFIG_PATH, ref);
  if (file.kind !== "found") return file;
  const parsed = parseRepositoryConfig(file.text);
  return parsed.ok ? { kind: "valid", policy: parsed.value } : { kind: "invalid", problems: parsed.error };
}
