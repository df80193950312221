import type { LabelsItem, TimelineItem } from "./timeline-item.ts";

/** Label changes by one actor within a minute are one act to a reader, such as a status that replaces another. */
const oneActMs = 60_000;

/** Joins runs of label changes by the same actor. A label that went on and off in one act is left out of it. */
export function joinLabels(items: readonly TimelineItem[]): TimelineItem[] {
  const joined: TimelineItem[] = [];
  for (const item of items) {
    const previous = joined.at(-1);
    if (item.kind === "labels" && previous?.kind === "labels" && isOneAct(previous, item)) {
      joined[joined.length - 1] = join(previous, item);
    } else {
      joined.push(item);
    }
  }
  return joined.filter((item) => item.kind !== "labels" || item.added.length + item.removed.length > 0);
}

function isOneAct(first: LabelsItem, second: LabelsItem): boolean {
  return first.actor.login === second.actor.login && Date.parse(second.at) - Date.parse(first.at) < oneActMs;
}

function join(first: LabelsItem, second: LabelsItem): LabelsItem {
  const has = (labels: LabelsItem["added"], name: string): boolean =>
    labels.some((label) => label.name === name);
  return {
    ...first,
    added: [
      ...first.added.filter(({ name }) => !has(second.removed, name)),
      ...second.added.filter(({ name }) => !has(first.removed, name)),
    ],
    removed: [
      ...first.removed.filter(({ name }) => !has(second.added, name)),
      ...second.removed.filter(({ name }) => !has(first.added, name)),
    ],
  };
}
