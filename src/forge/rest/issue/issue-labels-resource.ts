import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import { actorOf } from "../../hub/caller.ts";
import type { Issue } from "../../hub/entity/issue.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { addIssueLabels, removeIssueLabels, setIssueLabels } from "../../hub/issue/label-issue.ts";
import { findLabel } from "../../hub/repository/label.ts";
import { paginate } from "../paginate.ts";
import { presentIssueLabels } from "../present/present-issue.ts";
import { presentLabel } from "../present/present-label.ts";
import { readJson } from "../request-body.ts";
import { actingCaller } from "../require-access.ts";
import { RestRefusal } from "../rest-refusal.ts";
import { labelNames } from "./label-names.ts";
import { readIssues, requireIssue, triageIssues } from "./require-issue.ts";

const path = "/repos/:owner/:repo/issues/:number{[0-9]+}/labels";

/** The labels on one issue or pull request. */
export function registerIssueLabelsResource({ rest, hub }: ForgeContext): void {
  rest.get(path, (c) => {
    const { repository, issue } = requireIssue(c, hub, readIssues);
    const labels = issue.labelIds.map((id) => hub.store.labels.require(id));
    return c.json(paginate(c, hub, labels).map((label) => presentLabel(hub, repository, label)));
  });

  rest.post(path, async (c) => {
    const { repository, issue } = requireIssue(c, hub, triageIssues);
    const names = (await readNames(c)) ?? [];
    const actor = actorOf(actingCaller(c));
    return answer(c, hub, { repository, issue: addIssueLabels(hub, { issue, repository, actor, names }) });
  });

  rest.put(path, async (c) => {
    const { repository, issue } = requireIssue(c, hub, triageIssues);
    const names = (await readNames(c)) ?? [];
    const actor = actorOf(actingCaller(c));
    return answer(c, hub, { repository, issue: setIssueLabels(hub, { issue, repository, actor, names }) });
  });

  rest.delete(path, (c) => {
    const { issue } = requireIssue(c, hub, triageIssues);
    const labels = issue.labelIds.map((id) => hub.store.labels.require(id));
    removeIssueLabels(hub, { issue, actor: actorOf(actingCaller(c)), labels });
    return c.body(null, 204);
  });

  rest.delete(`${path}/:name`, (c) => {
    const { repository, issue } = requireIssue(c, hub, triageIssues);
    const label = findLabel(hub, repository, c.req.param("name"));
    if (label === undefined || !issue.labelIds.includes(label.id)) {
      throw new RestRefusal(404, "Label does not exist");
    }
    const actor = actorOf(actingCaller(c));
    return answer(c, hub, { repository, issue: removeIssueLabels(hub, { issue, actor, labels: [label] }) });
  });
}

function answer(
  c: ForgeRequest,
  hub: Hub,
  { repository, issue }: { repository: Repository; issue: Issue },
): Response {
  return c.json(presentIssueLabels(hub, repository, issue));
}

/** `{ "labels": […] }` or the bare array. */
async function readNames(c: ForgeRequest): Promise<string[] | undefined> {
  const body = await readJson(c);
  if (Array.isArray(body)) return labelNames(body);
  return labelNames((body as { labels?: unknown }).labels);
}
