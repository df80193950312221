import { syncWorkflows } from "../../actions/engine/workflow-catalog.ts";
import type { ForgeRequest } from "../../forge-context.ts";
import { actorOf } from "../../hub/caller.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Workflow } from "../../hub/entity/workflow.ts";
import type { Hub } from "../../hub/hub.ts";
import { paginate } from "../paginate.ts";
import { presentWorkflow, runApiUrl, runWebUrl } from "../present/present-workflow.ts";
import { readBody } from "../request-body.ts";
import { actingCaller, requireRepository } from "../require-access.ts";
import { invalidRequest, notFound, RestRefusal } from "../rest-refusal.ts";
import { readActions, writeActions } from "./actions-access.ts";
import { listRuns } from "./list-runs.ts";
import type { ActionsContext } from "./register-actions-resources.ts";

const base = "/repos/:owner/:repo/actions/workflows";

export function registerWorkflowsResource(context: ActionsContext): void {
  const { rest, hub } = context;
  rest.get(base, async (c) => {
    const repository = requireRepository(c, hub, readActions);
    await syncWorkflows(hub, repository);
    const workflows = hub.store.workflows.find(
      { repositoryId: repository.id },
      { filter: ({ state }) => state !== "deleted" },
    );
    const page = paginate(c, hub, workflows).map((workflow) => presentWorkflow(hub, workflow));
    return c.json({ total_count: workflows.length, workflows: page });
  });

  rest.get(`${base}/:workflow_id`, async (c) => {
    const repository = requireRepository(c, hub, readActions);
    return c.json(presentWorkflow(hub, await requireWorkflow(c, hub, repository)));
  });

  rest.get(`${base}/:workflow_id/runs`, async (c) => {
    const repository = requireRepository(c, hub, readActions);
    const workflow = await requireWorkflow(c, hub, repository);
    return c.json(listRuns(c, hub, { repositoryId: repository.id, workflowId: workflow.id }));
  });

  rest.post(`${base}/:workflow_id/dispatches`, (c) => dispatch(c, context));
  rest.put(`${base}/:workflow_id/enable`, (c) => setState(c, hub, "active"));
  rest.put(`${base}/:workflow_id/disable`, (c) => setState(c, hub, "disabled_manually"));
}

async function dispatch(c: ForgeRequest, { hub, engine }: ActionsContext): Promise<Response> {
  const repository = requireRepository(c, hub, writeActions);
  const workflow = await requireWorkflow(c, hub, repository);
  const body = await readBody(c);
  const ref = body.string("ref");
  if (ref === undefined) throw invalidRequest(`"ref" wasn't supplied.`);
  if (workflow.state !== "active") {
    throw new RestRefusal(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow");
  }
  const inputs = readInputs(body.raw("inputs"));
  const actor = actorOf(actingCaller(c));
  const outcome = await engine.dispatch({ repository, workflow, ref, inputs, actor });
  if (!outcome.ok) throw new RestRefusal(422, outcome.problem);
  if (body.boolean("return_run_details") !== true) return c.body(null, 204);
  const { id } = outcome.triggered.run;
  return c.json({
    workflow_run_id: id,
    run_url: runApiUrl(hub, repository, id),
    html_url: runWebUrl(hub, repository, id),
  });
}

/** GitHub's limit on what a dispatch carries. */
const mostInputs = 25;

function readInputs(value: unknown): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw invalidRequest(`For 'properties/inputs', ${JSON.stringify(value)} is not an object.`);
  }
  const inputs = value as Record<string, unknown>;
  if (Object.keys(inputs).length > mostInputs) {
    throw new RestRefusal(
      422,
      `you may only define up to ${mostInputs} \`inputs\` for a \`workflow_dispatch\` event`,
    );
  }
  return inputs;
}

async function setState(c: ForgeRequest, hub: Hub, state: "active" | "disabled_manually"): Promise<Response> {
  const repository = requireRepository(c, hub, writeActions);
  const workflow = await requireWorkflow(c, hub, repository);
  hub.change(() => hub.store.workflows.update(workflow.id, { state, updatedAt: hub.now() }));
  return c.body(null, 204);
}

/** By id, or by the name of the file as it is on the default branch. */
async function requireWorkflow(c: ForgeRequest, hub: Hub, repository: Repository): Promise<Workflow> {
  await syncWorkflows(hub, repository);
  const key = c.req.param("workflow_id") ?? "";
  const path = key.startsWith(".github/") ? key : `.github/workflows/${key}`;
  const workflow = /^\d+$/.test(key)
    ? hub.store.workflows.get(Number(key))
    : hub.store.workflows.findOne({ repositoryId: repository.id, path });
  if (workflow === undefined || workflow.repositoryId !== repository.id || workflow.state === "deleted") {
    throw notFound();
  }
  return workflow;
}
