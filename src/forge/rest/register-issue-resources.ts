import type { ForgeContext } from "../forge-context.ts";
import { registerCommentsResource } from "./issue/comments-resource.ts";
import { registerIssueLabelsResource } from "./issue/issue-labels-resource.ts";
import { registerIssuesResource } from "./issue/issues-resource.ts";
import { registerLabelsResource } from "./issue/labels-resource.ts";
import { registerReactionsResource } from "./issue/reactions-resource.ts";
import { registerTimelineResource } from "./issue/timeline-resource.ts";

/** Issues, comments, labels, reactions, timelines. */
export function registerIssueResources(context: ForgeContext): void {
  registerIssuesResource(context);
  registerIssueLabelsResource(context);
  registerLabelsResource(context);
  registerCommentsResource(context);
  registerReactionsResource(context);
  registerTimelineResource(context);
}
