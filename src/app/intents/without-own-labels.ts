import type { Policy } from "../../core/policy/policy.ts";
import { sameLabel } from "../../core/same-label.ts";
import type { Issue } from "../../core/task/state.ts";
import { STATUS_LABEL_PREFIX } from "../status-label-prefix.ts";

/**
 * The issue as people wrote it: what Baton's own labels say is no part of what was asked for. Labels have one order,
 * since GitHub's answers and events have several.
 */
export function withoutOwnLabels(issue: Issue, policy: Policy): Issue {
  const labels = issue.labels.filter(
    (label) => !sameLabel(label, policy.trigger) && !label.startsWith(STATUS_LABEL_PREFIX),
  );
  return { ...issue, labels: labels.sort() };
}
