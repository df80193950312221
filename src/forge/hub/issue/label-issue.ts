import type { Issue } from "../entity/issue.ts";
import type { Label, Repository } from "../entity/repository.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { createLabel, findLabel } from "../repository/label.ts";
import { emitIssueEvent } from "./emit-issue-event.ts";
import { recordTimelineEvent } from "./record-timeline-event.ts";

export interface Labelling {
  issue: Issue;
  repository: Repository;
  actor: Actor;
  names: readonly string[];
}

/** The colour of labels that come into being by being put on an issue. */
const unnamedColor = "ededed";

/** Adds labels by name; names that the repository does not know become labels, as on GitHub. */
export function addIssueLabels(hub: Hub, { issue, repository, actor, names }: Labelling): Issue {
  return hub.change(() => {
    let current = hub.store.issues.require(issue.id);
    for (const name of names) {
      const label =
        findLabel(hub, repository, name) ??
        createLabel(hub, { repository, actor, name, color: unnamedColor });
      if (current.labelIds.includes(label.id)) continue;
      current = hub.store.issues.update(issue.id, {
        labelIds: [...current.labelIds, label.id],
        updatedAt: hub.now(),
      });
      report(hub, { issue: current, actor, label, change: "labeled" });
    }
    return current;
  });
}

export function removeIssueLabels(
  hub: Hub,
  { issue, actor, labels }: { issue: Issue; actor: Actor; labels: readonly Label[] },
): Issue {
  return hub.change(() => {
    let current = hub.store.issues.require(issue.id);
    for (const label of labels) {
      if (!current.labelIds.includes(label.id)) continue;
      current = hub.store.issues.update(issue.id, {
        labelIds: current.labelIds.filter((id) => id !== label.id),
        updatedAt: hub.now(),
      });
      report(hub, { issue: current, actor, label, change: "unlabeled" });
    }
    return current;
  });
}

/** Makes the labels exactly these. */
export function setIssueLabels(hub: Hub, labelling: Labelling): Issue {
  const { issue, repository, actor, names } = labelling;
  return hub.change(() => {
    const kept = new Set(names.map((name) => findLabel(hub, repository, name)?.id));
    const surplus = issue.labelIds.filter((id) => !kept.has(id)).map((id) => hub.store.labels.require(id));
    removeIssueLabels(hub, { issue, actor, labels: surplus });
    return addIssueLabels(hub, labelling);
  });
}

function report(
  hub: Hub,
  {
    issue,
    actor,
    label,
    change,
  }: { issue: Issue; actor: Actor; label: Label; change: "labeled" | "unlabeled" },
): void {
  const detail = { event: change, label: { name: label.name, color: label.color } } as const;
  recordTimelineEvent(hub, { issue, actor, detail });
  emitIssueEvent(hub, { issue, actor, action: change, detail: { label } });
}
