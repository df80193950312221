import { expect, test } from "vitest";

import { openForge, refusalOf } from "../forge-fixture.ts";

test("comments are written, listed, edited and deleted", async () => {
  const { clientOf, ada, place } = await openForge();
  const octokit = clientOf(ada);
  await octokit.issues.create({ ...place, title: "Talk" });
  const issue = { ...place, issue_number: 1 };
  const first = await octokit.issues.createComment({ ...issue, body: "One" });
  const second = await octokit.issues.createComment({ ...issue, body: "Two" });
  expect((await octokit.issues.listComments(issue)).data.map(({ body }) => body)).toEqual(["One", "Two"]);
  expect((await octokit.issues.get(issue)).data.comments).toBe(2);

  const edited = await octokit.issues.updateComment({ ...place, comment_id: first.data.id, body: "One!" });
  expect(edited.data).toMatchObject({ id: first.data.id, body: "One!" });
  await octokit.issues.deleteComment({ ...place, comment_id: second.data.id });
  expect(await refusalOf(octokit.issues.getComment({ ...place, comment_id: second.data.id }))).toMatchObject({
    status: 404,
  });
  expect((await octokit.issues.listCommentsForRepo(place)).data.map(({ body }) => body)).toEqual(["One!"]);
});

test("a comment of another person can only be changed by someone with write access", async () => {
  const { forge, clientOf, ada, repository, place } = await openForge();
  const writer = forge.hub.createUser({ login: "writer" });
  forge.hub.addCollaborator(repository, writer, "write");
  const stranger = clientOf(forge.hub.createUser({ login: "stranger" }));
  const octokit = clientOf(ada);
  await octokit.issues.create({ ...place, title: "Talk" });
  const { data } = await octokit.issues.createComment({ ...place, issue_number: 1, body: "Mine" });
  const comment = { ...place, comment_id: data.id };
  expect(await refusalOf(stranger.issues.updateComment({ ...comment, body: "Yours" }))).toMatchObject({
    status: 403,
  });
  expect(await refusalOf(stranger.issues.deleteComment(comment))).toMatchObject({ status: 403 });
  expect((await clientOf(writer).issues.updateComment({ ...comment, body: "Ours" })).data.body).toBe("Ours");
});

test("a comment belongs to its repository", async () => {
  const { forge, clientOf, ada, place } = await openForge();
  await forge.hub.createRepository({ owner: ada, name: "other" });
  const octokit = clientOf(ada);
  await octokit.issues.create({ ...place, title: "Talk" });
  const { data } = await octokit.issues.createComment({ ...place, issue_number: 1, body: "Here" });
  const elsewhere = octokit.issues.getComment({ owner: "ada", repo: "other", comment_id: data.id });
  expect(await refusalOf(elsewhere)).toMatchObject({ status: 404 });
});

test("reactions are counted once a person and kind, on issues and on comments", async () => {
  const { forge, clientOf, ada, place } = await openForge();
  const octokit = clientOf(ada);
  const grace = clientOf(forge.hub.createUser({ login: "grace" }));
  await octokit.issues.create({ ...place, title: "React" });
  const issue = { ...place, issue_number: 1 };
  const { data } = await octokit.issues.createComment({ ...issue, body: "/approve" });
  const comment = { ...place, comment_id: data.id };

  const first = await octokit.reactions.createForIssueComment({ ...comment, content: "eyes" });
  const again = await octokit.reactions.createForIssueComment({ ...comment, content: "eyes" });
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.data.id).toBe(first.data.id);
  await grace.reactions.createForIssueComment({ ...comment, content: "eyes" });
  await grace.reactions.createForIssue({ ...issue, content: "rocket" });

  expect((await octokit.issues.getComment(comment)).data.reactions).toMatchObject({
    total_count: 2,
    eyes: 2,
  });
  expect((await octokit.issues.get(issue)).data.reactions).toMatchObject({ total_count: 1, rocket: 1 });
  const listed = await octokit.reactions.listForIssueComment({ ...comment, content: "eyes" });
  expect(listed.data.map(({ user }) => user?.login)).toEqual(["ada", "grace"]);

  await octokit.reactions.deleteForIssueComment({ ...comment, reaction_id: first.data.id });
  expect((await octokit.reactions.listForIssueComment(comment)).data).toHaveLength(1);
  expect(
    await refusalOf(octokit.request("POST /repos/ada/engine/issues/1/reactions", { content: "shrug" })),
  ).toMatchObject({ status: 422 });
});
