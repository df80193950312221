import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import { actorOf } from "../../hub/caller.ts";
import type { Label, Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import type { AccessRequest } from "../../hub/repository-access.ts";
import { createLabel, deleteLabel, editLabel, findLabel } from "../../hub/repository/label.ts";
import { paginate } from "../paginate.ts";
import { presentLabel } from "../present/present-label.ts";
import { readBody, type RequestBody } from "../request-body.ts";
import { actingCaller, requireRepository } from "../require-access.ts";
import { notFound, validationFailed } from "../rest-refusal.ts";
import { checkLabelName } from "./label-names.ts";

const readLabels: AccessRequest = { permission: "issues", access: "read", alternatives: ["pull_requests"] };
const writeLabels: AccessRequest = {
  permission: "issues",
  access: "write",
  role: "write",
  alternatives: ["pull_requests"],
};

/** The labels that a repository has. */
export function registerLabelsResource({ rest, hub }: ForgeContext): void {
  rest.get("/repos/:owner/:repo/labels", (c) => {
    const repository = requireRepository(c, hub, readLabels);
    const labels = hub.store.labels.find({ repositoryId: repository.id });
    return c.json(paginate(c, hub, labels).map((label) => presentLabel(hub, repository, label)));
  });

  rest.get("/repos/:owner/:repo/labels/:name", (c) => {
    const { repository, label } = requireLabel(c, hub, readLabels);
    return c.json(presentLabel(hub, repository, label));
  });

  rest.post("/repos/:owner/:repo/labels", async (c) => {
    const repository = requireRepository(c, hub, writeLabels);
    const body = await readBody(c);
    const name = body.requiredString("name", "Label");
    checkLabelName(name);
    refuseTakenName(hub, repository, name);
    const label = createLabel(hub, {
      repository,
      actor: actorOf(actingCaller(c)),
      name,
      color: readColor(body) ?? "ededed",
      description: readDescription(body) ?? null,
    });
    const presented = presentLabel(hub, repository, label);
    c.header("location", presented.url);
    return c.json(presented, 201);
  });

  rest.patch("/repos/:owner/:repo/labels/:name", async (c) => {
    const { repository, label } = requireLabel(c, hub, writeLabels);
    const body = await readBody(c);
    const name = body.string("new_name");
    if (name !== undefined) {
      checkLabelName(name);
      if (name.toLowerCase() !== label.name.toLowerCase()) refuseTakenName(hub, repository, name);
    }
    const color = readColor(body);
    const description = readDescription(body);
    const edited = editLabel(hub, {
      label,
      actor: actorOf(actingCaller(c)),
      ...(name !== undefined && { name }),
      ...(color !== undefined && { color }),
      ...(description !== undefined && { description }),
    });
    return c.json(presentLabel(hub, repository, edited));
  });

  rest.delete("/repos/:owner/:repo/labels/:name", (c) => {
    const { label } = requireLabel(c, hub, writeLabels);
    deleteLabel(hub, { label, actor: actorOf(actingCaller(c)) });
    return c.body(null, 204);
  });
}

function requireLabel(
  c: ForgeRequest,
  hub: Hub,
  request: AccessRequest,
): { repository: Repository; label: Label } {
  const repository = requireRepository(c, hub, request);
  const label = findLabel(hub, repository, c.req.param("name") ?? "");
  if (label === undefined) throw notFound();
  return { repository, label };
}

function refuseTakenName(hub: Hub, repository: Repository, name: string): void {
  if (findLabel(hub, repository, name) === undefined) return;
  throw validationFailed([{ resource: "Label", code: "already_exists", field: "name" }]);
}

function readColor(body: RequestBody): string | undefined {
  const color = body.string("color");
  if (color === undefined || /^[\da-f]{6}$/i.test(color)) return color;
  throw validationFailed([{ resource: "Label", code: "invalid", field: "color" }]);
}

const longestDescription = 100;

function readDescription(body: RequestBody): string | null | undefined {
  if (body.isNull("description")) return null;
  const description = body.string("description");
  if (description === undefined || description.length <= longestDescription) return description;
  const message = `description is too long (maximum is ${longestDescription} characters)`;
  throw validationFailed([{ resource: "Label", code: "custom", field: "description", message }]);
}
