import { err, ok, type Result } from "../../../base/result.ts";
import { planFile, type PlannedFile, type WantedFile } from "./file-plan.ts";
import type { RepositoryApi } from "./repository-api.ts";

const INIT_BRANCH = "baton/init";

export type Proposal =
  | { readonly kind: "up-to-date"; readonly branch: string }
  | { readonly kind: "proposed"; readonly url: string };

export type ProposalRefusal =
  | { readonly kind: "differs"; readonly files: readonly PlannedFile[] }
  | { readonly kind: "problem"; readonly sentence: string };

/**
 * Opens a pull request that adds the files to the default branch, or finds the one that is open. All of it happens on
 * GitHub: the user's checkout, whatever state it is in, is not touched. Running it again changes nothing.
 */
export async function proposeFiles(
  api: RepositoryApi,
  wanted: readonly WantedFile[],
  force: boolean,
): Promise<Result<Proposal, ProposalRefusal>> {
  const base = await api.defaultBranch();
  const baseSha = await api.headOf(base);
  if (baseSha === null) return problem(`The default branch ${base} has no commit yet; push one first.`);
  const planned = await planAt(api, wanted, baseSha);
  const changed = planned.filter(({ state }) => state !== "same");
  if (changed.length === 0) return ok({ kind: "up-to-date", branch: base });
  const differing = changed.filter(({ state }) => state === "differs");
  if (differing.length > 0 && !force) return err({ kind: "differs", files: differing });
  const branch = await ensureBranch(api, { baseSha, changed, force });
  if (!branch.ok) return branch;
  const open = await api.findPull(INIT_BRANCH);
  const url = open ?? (await api.openPull({ head: INIT_BRANCH, base, title: TITLE, body: BODY }));
  return ok({ kind: "proposed", url });
}

async function ensureBranch(
  api: RepositoryApi,
  wish: { readonly baseSha: string; readonly changed: readonly PlannedFile[]; readonly force: boolean },
): Promise<Result<null, ProposalRefusal>> {
  const head = await api.headOf(INIT_BRANCH);
  if (head !== null) {
    const there = await planAt(api, wish.changed, head);
    if (there.every(({ state }) => state === "same")) return ok(null);
    if (!wish.force) {
      return problem(
        `The branch ${INIT_BRANCH} is there already, with other contents: delete it, or replace it with --force.`,
      );
    }
  }
  const commit = await api.commitFiles(wish.baseSha, wish.changed, TITLE);
  if (head === null) await api.createBranch(INIT_BRANCH, commit);
  else await api.moveBranch(INIT_BRANCH, commit);
  return ok(null);
}

function planAt(
  api: RepositoryApi,
  wanted: readonly WantedFile[],
  commit: string,
): Promise<readonly PlannedFile[]> {
  return Promise.all(
    wanted.map(async ({ path, text }) => planFile({ path, text }, await api.readFile(path, commit))),
  );
}

function problem(sentence: string): Result<never, ProposalRefusal> {
  return err({ kind: "problem", sentence });
}

const TITLE = "Set up Baton";

const BODY = `Adds the workflow that Baton runs its attempts with, and its policy for this repository.

- \`.github/workflows/baton.yml\` runs only when Baton starts it. The agent's job cannot write to the repository; its
  work is checked and pushed by a second job on a fresh machine.
- \`.github/baton.yml\` says who may ask for what, which changes need a person, and what agents may touch. Every
  setting is explained there. It counts once it is merged.

Then install the Baton App on this repository, and add the label \`baton\` to an issue.
`;
