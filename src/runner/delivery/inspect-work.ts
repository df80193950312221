import { err, type Result } from "../../base/result.ts";
import type { Briefing } from "../../contract/briefing.ts";
import { checkScope } from "../../contract/check-scope.ts";
import type { Failure } from "../../contract/failure.ts";
import { isAgentConfiguration } from "../git/agent-configuration.ts";
import type { GitPlace } from "../git/git-place.ts";
import { gitOutput } from "../git/run-git.ts";
import { makeFailure } from "../reporting/make-failure.ts";
import { SUBMODULE_MODE, SYMLINK_MODE, type ChangedFile } from "./changed-file.ts";
import { findNewSecret } from "./find-secrets.ts";
import { readChanges } from "./read-changes.ts";
import { symlinkEscapes } from "./symlink-escapes.ts";

/**
 * Whether the work between two commits may be pushed. What changed is read from git itself; the sizes are checked
 * before any content is read. The failure's sentence names the file and the rule.
 */
export async function inspectWork(
  place: GitPlace,
  work: {
    readonly briefing: Briefing;
    readonly startSha: string;
    readonly headSha: string;
    /** This run's own credentials: they must not be in what is pushed. */
    readonly credentials: readonly string[];
  },
): Promise<Result<readonly ChangedFile[], Failure>> {
  const changes = await readChanges(place, work.startSha, work.headSha);
  if (!changes.ok) return refuse(changes.error);
  const { stage, scope } = work.briefing;
  const outOfScope = checkScope({ stage, scope, entries: changes.value });
  if (outOfScope !== null) return refuse(outOfScope);
  for (const change of changes.value) {
    const problem = await inspectContent(place, change, work.credentials);
    if (problem !== null) return refuse(problem);
  }
  return changes;
}

async function inspectContent(
  place: GitPlace,
  change: ChangedFile,
  credentials: readonly string[],
): Promise<string | null> {
  if (isAgentConfiguration(change.path)) {
    return `${change.path} steers agent programs, and only people may change it.`;
  }
  if (change.sha === null) return null;
  const text = await readBlob(place, change.sha);
  if (change.mode === SYMLINK_MODE) {
    if (!symlinkEscapes(change.path, text)) return null;
    return `${change.path} is a symlink to ${JSON.stringify(text.slice(0, 200))}, which may lead out of the repository.`;
  }
  const hasText = change.oldSha !== null && change.oldMode !== SUBMODULE_MODE;
  const before = hasText ? await readBlob(place, change.oldSha) : "";
  const secret = findNewSecret(text, before, credentials);
  if (secret === null) return null;
  return `${change.path} line ${secret.line} holds what looks like a secret (${secret.kind}), and secrets are not pushed.`;
}

/** Every byte as one character: secrets and paths are ASCII, and no byte is lost. */
async function readBlob(place: GitPlace, sha: string): Promise<string> {
  return (await gitOutput(place, ["cat-file", "blob", sha])).toString("latin1");
}

function refuse(summary: string): Result<never, Failure> {
  return err(makeFailure({ kind: "scope", summary }));
}
