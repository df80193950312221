import { expect, test } from "vitest";

import { openForge, refusalOf } from "../forge-fixture.ts";

test("issues are created with the next number, edited, closed and reopened", async () => {
  const { clientOf, ada, place } = await openForge();
  const octokit = clientOf(ada);
  const first = await octokit.issues.create({ ...place, title: "First", body: "It is broken" });
  const second = await octokit.issues.create({
    ...place,
    title: "Second",
    labels: ["bug"],
    assignees: ["ada"],
  });
  expect([first.data.number, second.data.number]).toEqual([1, 2]);
  expect(first.data).toMatchObject({
    state: "open",
    user: { login: "ada" },
    author_association: "OWNER",
    comments: 0,
  });
  expect(second.data).toMatchObject({ labels: [{ name: "bug" }], assignees: [{ login: "ada" }] });

  const closed = await octokit.issues.update({
    ...place,
    issue_number: 1,
    title: "First of all",
    state: "closed",
    state_reason: "not_planned",
  });
  expect(closed.data).toMatchObject({
    title: "First of all",
    state: "closed",
    state_reason: "not_planned",
    closed_by: { login: "ada" },
  });
  expect(closed.data.closed_at).not.toBeNull();

  const reopened = await octokit.issues.update({ ...place, issue_number: 1, state: "open" });
  expect(reopened.data).toMatchObject({ state: "open", state_reason: "reopened", closed_at: null });
});

test("issues are listed by state, label, assignee, creator and time, newest first", async () => {
  const { forge, clientOf, ada, repository, place } = await openForge();
  const grace = forge.hub.createUser({ login: "grace" });
  forge.hub.addCollaborator(repository, grace, "write");
  const octokit = clientOf(ada);
  await octokit.issues.create({ ...place, title: "A", labels: ["bug", "question"] });
  await octokit.issues.create({ ...place, title: "B", labels: ["Bug"], assignees: ["grace"] });
  await clientOf(grace).issues.create({ ...place, title: "C" });
  await octokit.issues.update({ ...place, issue_number: 1, state: "closed" });

  const titles = async (query: Record<string, unknown>): Promise<string[]> =>
    (await octokit.issues.listForRepo({ ...place, ...query })).data.map(({ title }) => title);
  expect(await titles({})).toEqual(["C", "B"]);
  expect(await titles({ state: "all" })).toEqual(["C", "B", "A"]);
  expect(await titles({ state: "closed" })).toEqual(["A"]);
  expect(await titles({ state: "all", labels: "bug" })).toEqual(["B", "A"]);
  expect(await titles({ state: "all", labels: "bug,question" })).toEqual(["A"]);
  expect(await titles({ state: "all", labels: "no such label" })).toEqual([]);
  expect(await titles({ assignee: "grace" })).toEqual(["B"]);
  expect(await titles({ assignee: "none" })).toEqual(["C"]);
  expect(await titles({ creator: "grace" })).toEqual(["C"]);
  expect(await titles({ state: "all", sort: "created", direction: "asc" })).toEqual(["A", "B", "C"]);
  expect(await titles({ since: "2099-01-01T00:00:00Z" })).toEqual([]);
});

test("long lists come in pages that link to one another", async () => {
  const { clientOf, ada, place } = await openForge();
  const octokit = clientOf(ada);
  for (let number = 1; number <= 5; number += 1)
    await octokit.issues.create({ ...place, title: `${number}` });
  const page = await octokit.issues.listForRepo({ ...place, per_page: 2, page: 2 });
  expect(page.data.map(({ title }) => title)).toEqual(["3", "2"]);
  expect(page.headers.link).toMatch(
    /page=1>; rel="prev".*page=3>; rel="next".*page=3>; rel="last".*rel="first"/,
  );
  const all = await octokit.paginate(octokit.issues.listForRepo, { ...place, per_page: 2 });
  expect(all).toHaveLength(5);
});

test("people without a role may open issues and comment, but not label, assign or close those of others", async () => {
  const { forge, clientOf, ada, place } = await openForge();
  const stranger = clientOf(forge.hub.createUser({ login: "stranger" }));
  await clientOf(ada).issues.create({ ...place, title: "Mine" });
  const opened = await stranger.issues.create({
    ...place,
    title: "Yours",
    labels: ["bug"],
    assignees: ["ada"],
  });
  expect(opened.data).toMatchObject({ labels: [], assignees: [], author_association: "NONE" });

  const rights = { status: 403, message: "Must have sufficient rights to Repository." };
  const issue = { ...place, issue_number: 1 };
  expect(await refusalOf(stranger.issues.addLabels({ ...issue, labels: ["bug"] }))).toEqual(rights);
  expect(await refusalOf(stranger.issues.update({ ...issue, state: "closed" }))).toEqual(rights);
  expect(await refusalOf(stranger.issues.addAssignees({ ...issue, assignees: ["ada"] }))).toEqual(rights);
  const own = await stranger.issues.update({ ...place, issue_number: 2, state: "closed" });
  expect(own.data.state).toBe("closed");
  expect((await stranger.issues.createComment({ ...issue, body: "Me too" })).status).toBe(201);
});

test("what is missing, too long or of the wrong type is refused as GitHub refuses it", async () => {
  const { clientOf, ada, place } = await openForge();
  const octokit = clientOf(ada);
  await octokit.issues.create({ ...place, title: "There" });
  const issue = { ...place, issue_number: 1 };
  expect(await refusalOf(octokit.issues.get({ ...place, issue_number: 9 }))).toEqual({
    status: 404,
    message: "Not Found",
  });
  const failures = [
    octokit.issues.create({ ...place, title: "" }),
    octokit.issues.create({ ...place, title: "x".repeat(257) }),
    octokit.issues.createComment({ ...issue, body: "x".repeat(65_537) }),
    octokit.issues.createComment({ ...issue, body: "" }),
    octokit.issues.addLabels({ ...issue, labels: ["x".repeat(51)] }),
    octokit.issues.addAssignees({ ...issue, assignees: ["nobody"] }),
  ];
  for (const failure of failures) {
    expect(await refusalOf(failure)).toEqual({ status: 422, message: "Validation Failed" });
  }
  expect(await refusalOf(octokit.request("POST /repos/ada/engine/issues", { title: 7 }))).toEqual({
    status: 422,
    message: "Invalid request.\n\nFor 'properties/title', 7 is not a string.",
  });
  expect(
    await refusalOf(
      octokit.request("POST /repos/ada/engine/issues", {
        data: "{",
        headers: { "content-type": "application/json" },
      }),
    ),
  ).toMatchObject({ status: 400 });
});

test("what the forge has not got is refused aloud", async () => {
  const { clientOf, ada, place } = await openForge();
  const octokit = clientOf(ada);
  expect(await refusalOf(octokit.issues.create({ ...place, title: "x", milestone: 1 }))).toEqual({
    status: 501,
    message: "The forge does not support milestones.",
  });
  expect(await refusalOf(octokit.issues.lock({ ...place, issue_number: 1 }))).toEqual({
    status: 501,
    message: "The forge does not support PUT /repos/ada/engine/issues/1/lock.",
  });
});
