import { matchesPatterns } from "./filter-pattern.ts";
import type { EventFilter } from "./workflow.ts";

/** Something that happened in a repository, as `on:` looks at it. */
export interface TriggerOccurrence {
  event: string;
  /** The activity type, such as `labeled`; null for events that have none. */
  action: string | null;
  /** For `push` the pushed reference, for pull requests the base branch, for `workflow_run` the head branch. */
  ref: string | null;
  /** For `workflow_run`: the name of the workflow that ran. */
  workflowName?: string;
  /** Asked for only where a filter names paths. */
  changedFiles: () => Promise<string[]>;
}

/** Activity types that start a workflow which names none; other events start it with every type. */
const defaultTypes: Readonly<Record<string, readonly string[]>> = {
  pull_request: ["opened", "synchronize", "reopened"],
  pull_request_target: ["opened", "synchronize", "reopened"],
};

/** Whether an occurrence passes the filters under the event's key in `on:`. */
export async function passesFilter(filter: EventFilter, occurrence: TriggerOccurrence): Promise<boolean> {
  const types = filter.types ?? defaultTypes[occurrence.event];
  if (types !== undefined && (occurrence.action === null || !types.includes(occurrence.action))) return false;
  if (occurrence.workflowName !== undefined && filter.workflows !== undefined) {
    if (!matchesPatterns(filter.workflows, occurrence.workflowName)) return false;
  }
  return passesRefFilter(filter, occurrence.ref ?? "") && passesPathFilter(filter, occurrence);
}

function passesRefFilter(filter: EventFilter, ref: string): boolean {
  const filtersBranches = filter.branches !== undefined || filter["branches-ignore"] !== undefined;
  const filtersTags = filter.tags !== undefined || filter["tags-ignore"] !== undefined;
  if (ref.startsWith("refs/tags/")) {
    const name = ref.slice("refs/tags/".length);
    return filtersTags ? passesList(filter.tags, filter["tags-ignore"], name) : !filtersBranches;
  }
  const name = ref.replace(/^refs\/heads\//, "");
  return filtersBranches ? passesList(filter.branches, filter["branches-ignore"], name) : !filtersTags;
}

function passesList(wanted: string[] | undefined, ignored: string[] | undefined, name: string): boolean {
  if (wanted !== undefined) return matchesPatterns(wanted, name);
  return ignored === undefined || !matchesPatterns(ignored, name);
}

/** Path filters are not looked at for tags. */
async function passesPathFilter(filter: EventFilter, occurrence: TriggerOccurrence): Promise<boolean> {
  const { paths } = filter;
  const ignored = filter["paths-ignore"];
  if ((paths === undefined && ignored === undefined) || occurrence.ref?.startsWith("refs/tags/") === true)
    return true;
  const files = await occurrence.changedFiles();
  if (paths !== undefined) return files.some((file) => matchesPatterns(paths, file));
  return files.some((file) => !matchesPatterns(ignored ?? [], file));
}
