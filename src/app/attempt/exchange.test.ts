import { expect, test } from "vitest";
import { exampleAttempt, exampleTask } from "../../../test/support/task/example-task.ts";
import type { Result } from "../../base/result.ts";
import { ok } from "../../base/result.ts";
import { DELIVER_ENVIRONMENT, VERIFY_ENVIRONMENT } from "../../contract/attempt-api.ts";
import type { RunIdentity } from "../../ports/run-identity.ts";
import type { AppContext } from "../context.ts";
import type { ApiProblem } from "./exchange.ts";
import { identifyRun } from "./exchange.ts";

const attempt = exampleAttempt("implement");
const task = exampleTask({
  phase: { kind: "delivering", attempt, runId: 1, since: "2026-11-20T14:10:00.000Z" },
});
const { owner, name, id, defaultBranch } = task.repository;

const RUN: RunIdentity = {
  repositoryId: id,
  runId: 1,
  workflowRef: `${owner}/${name}/.github/workflows/baton.yml@refs/heads/${defaultBranch}`,
  eventName: "workflow_dispatch",
  environment: null,
};

/** Of the context only what the exchange looks at: who the token says that it is, and the task. */
async function identify(
  claims: Partial<RunIdentity>,
  environment: string | null,
): Promise<Result<unknown, ApiProblem>> {
  const context = {
    runs: { verify: () => Promise.resolve(ok({ ...RUN, ...claims })) },
    store: { tasks: { load: () => Promise.resolve({ task, version: 9 }) } },
  } as unknown as AppContext;
  return identifyRun(context, { attempt: attempt.id, idToken: "token", environment });
}

const ENVIRONMENTS = [null, DELIVER_ENVIRONMENT, VERIFY_ENVIRONMENT, "production"];

test("a job is what its environment says, and no other", async () => {
  for (const claimed of ENVIRONMENTS) {
    for (const wanted of ENVIRONMENTS) {
      const identified = await identify({ environment: claimed }, wanted);
      expect(identified.ok, `${claimed} as ${wanted}`).toBe(claimed === wanted);
    }
  }
});

test("a repository that has another owner or name by now is still itself", async () => {
  const workflowRef = RUN.workflowRef.replace(`${owner}/${name}`, "Renamed/other");
  expect((await identify({ workflowRef }, null)).ok).toBe(true);
});

test.each<[string, Partial<RunIdentity>]>([
  ["of another repository, though it has the same name", { repositoryId: id + 1 }],
  ["of the workflow as a branch has it", { workflowRef: `${RUN.workflowRef}-2` }],
  ["of a workflow in a folder of that name", { workflowRef: `x/${RUN.workflowRef}` }],
  ["of another workflow", { workflowRef: RUN.workflowRef.replace("baton.yml", "ci.yml") }],
  ["of a run that a push started", { eventName: "push" }],
])("a token %s is turned away with a reason", async (_what, claims) => {
  const identified = await identify(claims, null);
  expect(identified).toMatchObject({ ok: false, error: { code: "unauthorized" } });
  expect(identified.ok ? "" : identified.error.message).toMatch(/^The token is .*\.$/);
});
