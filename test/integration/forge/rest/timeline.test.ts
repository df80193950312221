import { expect, test } from "vitest";

import { openForge } from "../forge-fixture.ts";

test("the timeline tells in order what happened to an issue and who did it", async () => {
  const { forge, clientOf, ada, repository, place } = await openForge();
  const grace = forge.hub.createUser({ login: "grace" });
  forge.hub.addCollaborator(repository, grace, "triage");
  const octokit = clientOf(ada);
  await octokit.issues.create({ ...place, title: "Tell" });
  const issue = { ...place, issue_number: 1 };
  await octokit.issues.addLabels({ ...issue, labels: ["bug"] });
  await clientOf(grace).issues.createComment({ ...issue, body: "Looking" });
  await octokit.issues.addAssignees({ ...issue, assignees: ["grace"] });
  await octokit.issues.update({ ...issue, title: "Told" });
  await octokit.issues.create({ ...place, title: "Other", body: "See #1, and `#1` again" });
  await clientOf(grace).issues.removeLabel({ ...issue, name: "bug" });
  await octokit.issues.update({ ...issue, state: "closed" });
  await octokit.issues.update({ ...issue, state: "open" });

  const { data } = await octokit.issues.listEventsForTimeline(issue);
  const told = data.map((entry) => [entry.event, "actor" in entry ? entry.actor?.login : undefined]);
  expect(told).toEqual([
    ["labeled", "ada"],
    ["commented", "grace"],
    ["assigned", "ada"],
    ["renamed", "ada"],
    ["cross-referenced", "ada"],
    ["unlabeled", "grace"],
    ["closed", "ada"],
    ["reopened", "ada"],
  ]);
  expect(data[3]).toMatchObject({ rename: { from: "Tell", to: "Told" } });
  expect(data[4]).toMatchObject({ source: { issue: { number: 2 } } });
  const events = await octokit.issues.listEvents(issue);
  expect(events.data.map(({ event }) => event)).toEqual(
    told.map(([event]) => event).filter((event) => event !== "commented" && event !== "cross-referenced"),
  );
});
