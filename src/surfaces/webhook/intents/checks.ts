import { z } from "zod";
import type { Intent } from "../../../app/intent.ts";
import { InRepository, placeOf } from "./payload.ts";
import { BRANCH_PREFIX, ignored, reader } from "./reader.ts";

const App = z.object({ id: z.number().int() }).nullish();
const Pulls = z.array(z.object({ head: z.object({ ref: z.string() }) })).nullish();

const CheckRunEvent = InRepository.extend({
  action: z.string(),
  check_run: z.object({
    name: z.string(),
    head_sha: z.string(),
    external_id: z.string().nullish(),
    app: App,
    pull_requests: Pulls,
    check_suite: z.object({ head_branch: z.string().nullish() }).nullish(),
  }),
});

const CheckSuiteEvent = InRepository.extend({
  action: z.string(),
  check_suite: z.object({
    head_sha: z.string(),
    head_branch: z.string().nullish(),
    app: App,
    pull_requests: Pulls,
  }),
});

const StatusEvent = InRepository.extend({
  sha: z.string(),
  state: z.string(),
  branches: z.array(z.object({ name: z.string() })),
});

export const readCheckRun = reader(CheckRunEvent, (payload, own) => {
  const { action, check_run: run } = payload;
  const place = placeOf(payload);
  const branches = branchesOf(run.check_suite?.head_branch, run.pull_requests);
  if (run.app?.id === own.app.id) {
    if (action !== "rerequested") return ignored("Baton wrote the check itself.");
    return {
      ...place,
      kind: "check-rerequested",
      sha: run.head_sha,
      name: run.name,
      externalId: run.external_id ?? null,
      branch: branches[0] ?? null,
    };
  }
  if (action !== "completed") return ignored("The check is not over yet.");
  return checksChanged({ ...place, sha: run.head_sha, branches });
});

export const readCheckSuite = reader(CheckSuiteEvent, (payload, own) => {
  const { action, check_suite: suite } = payload;
  const place = placeOf(payload);
  const branches = branchesOf(suite.head_branch, suite.pull_requests);
  if (suite.app?.id === own.app.id) {
    if (action !== "rerequested") return ignored("Baton wrote the checks of the suite itself.");
    const all = { sha: suite.head_sha, name: null, externalId: null, branch: branches[0] ?? null };
    return { ...place, kind: "check-rerequested", ...all };
  }
  if (action !== "completed") return ignored("The check suite is not over yet.");
  return checksChanged({ ...place, sha: suite.head_sha, branches });
});

export const readStatus = reader(StatusEvent, (payload) => {
  const { sha, state, branches } = payload;
  if (state === "pending") return ignored("The commit status is not over yet.");
  const own = branches.map(({ name }) => name).filter(isOwnBranch);
  return checksChanged({ ...placeOf(payload), sha, branches: own });
});

function checksChanged(checks: Omit<Extract<Intent, { kind: "checks-changed" }>, "kind">): Intent {
  if (checks.branches.length === 0) return ignored("The commit is on no branch of Baton's.");
  return { ...checks, kind: "checks-changed" };
}

/** The branch a suite was made for is one of several that may hold the commit; GitHub leaves it out for forks. */
function branchesOf(headBranch: string | null | undefined, pulls: z.infer<typeof Pulls>): readonly string[] {
  const refs = [headBranch ?? "", ...(pulls ?? []).map(({ head }) => head.ref)];
  return [...new Set(refs.filter(isOwnBranch))];
}

function isOwnBranch(name: string): boolean {
  return name.startsWith(BRANCH_PREFIX);
}
