import type { ForgeContext } from "../../forge-context.ts";
import { paginate } from "../paginate.ts";
import { presentIssueEvent, presentTimeline } from "../present/present-timeline.ts";
import { readIssues, requireIssue } from "./require-issue.ts";

/** What happened to an issue: `timeline` with everything that was said, `events` without. */
export function registerTimelineResource({ rest, hub }: ForgeContext): void {
  rest.get("/repos/:owner/:repo/issues/:number{[0-9]+}/timeline", (c) => {
    const { repository, issue } = requireIssue(c, hub, readIssues);
    return c.json(paginate(c, hub, presentTimeline(hub, repository, issue)));
  });

  rest.get("/repos/:owner/:repo/issues/:number{[0-9]+}/events", (c) => {
    const { repository, issue } = requireIssue(c, hub, readIssues);
    const events = hub.store.timelineEvents
      .find({ issueId: issue.id })
      .filter(({ detail }) => detail.event !== "cross-referenced");
    return c.json(paginate(c, hub, events).map((event) => presentIssueEvent(hub, repository, event)));
  });
}
