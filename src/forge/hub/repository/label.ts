import type { Label, Repository } from "../entity/repository.ts";
import type { Actor, Changes } from "../hub-event.ts";
import type { Hub } from "../hub.ts";

/** Label names are compared without regard to case. */
export function findLabel(hub: Hub, repository: Repository, name: string): Label | undefined {
  const exact = hub.store.labels.findOne({ repositoryId: repository.id, name });
  if (exact !== undefined) return exact;
  const folded = name.toLowerCase();
  const labels = hub.store.labels.find({ repositoryId: repository.id });
  return labels.find((label) => label.name.toLowerCase() === folded);
}

export interface NewLabel {
  repository: Repository;
  actor: Actor;
  name: string;
  color: string;
  description?: string | null;
}

export function createLabel(hub: Hub, { repository, actor, name, color, description }: NewLabel): Label {
  return hub.change(() => {
    const label = hub.store.labels.insert({
      repositoryId: repository.id,
      name,
      color: color.toLowerCase(),
      description: description ?? null,
      default: false,
    });
    hub.emit({ name: "label", action: "created", repositoryId: repository.id, actor, label });
    return label;
  });
}

export interface LabelEdit {
  label: Label;
  actor: Actor;
  name?: string;
  color?: string;
  description?: string | null;
}

export function editLabel(hub: Hub, { label, actor, ...edit }: LabelEdit): Label {
  const changes: Changes = {};
  if (edit.name !== undefined && edit.name !== label.name) changes["name"] = { from: label.name };
  if (edit.color !== undefined && edit.color !== label.color) changes["color"] = { from: label.color };
  if (edit.description !== undefined && edit.description !== label.description) {
    changes["description"] = { from: label.description ?? "" };
  }
  if (Object.keys(changes).length === 0) return label;
  return hub.change(() => {
    const edited = hub.store.labels.update(label.id, {
      name: edit.name ?? label.name,
      color: (edit.color ?? label.color).toLowerCase(),
      description: edit.description === undefined ? label.description : edit.description,
    });
    const { repositoryId } = label;
    hub.emit({ name: "label", action: "edited", repositoryId, actor, label: edited, changes });
    return edited;
  });
}

/** Takes the label off every issue without a word to each of them, as GitHub does. */
export function deleteLabel(hub: Hub, { label, actor }: { label: Label; actor: Actor }): void {
  hub.change(() => {
    for (const issue of hub.store.issues.find({ repositoryId: label.repositoryId })) {
      if (!issue.labelIds.includes(label.id)) continue;
      hub.store.issues.update(issue.id, { labelIds: issue.labelIds.filter((id) => id !== label.id) });
    }
    hub.store.labels.delete(label.id);
    hub.emit({ name: "label", action: "deleted", repositoryId: label.repositoryId, actor, label });
  });
}
