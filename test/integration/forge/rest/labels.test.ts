import { expect, test } from "vitest";

import { openForge, refusalOf } from "../forge-fixture.ts";

test("a new repository has GitHub's labels, and more can be made, renamed and deleted", async () => {
  const { clientOf, ada, place } = await openForge();
  const octokit = clientOf(ada);
  expect((await octokit.issues.listLabelsForRepo(place)).data.map(({ name }) => name)).toContain(
    "good first issue",
  );
  const made = await octokit.issues.createLabel({
    ...place,
    name: "baton",
    color: "0E8A16",
    description: "Go",
  });
  expect(made.data).toMatchObject({ name: "baton", color: "0e8a16", description: "Go", default: false });
  const renamed = await octokit.issues.updateLabel({ ...place, name: "BATON", new_name: "baton:pending" });
  expect(renamed.data).toMatchObject({ id: made.data.id, name: "baton:pending", description: "Go" });
  expect((await octokit.issues.getLabel({ ...place, name: "baton:pending" })).data.id).toBe(made.data.id);
  await octokit.issues.deleteLabel({ ...place, name: "baton:pending" });
  expect(await refusalOf(octokit.issues.getLabel({ ...place, name: "baton:pending" }))).toMatchObject({
    status: 404,
  });
});

test("labels differ in more than case, have six hexadecimal digits and at most fifty characters", async () => {
  const { clientOf, ada, place } = await openForge();
  const octokit = clientOf(ada);
  const invalid = { status: 422, message: "Validation Failed" };
  expect(await refusalOf(octokit.issues.createLabel({ ...place, name: "BUG" }))).toEqual(invalid);
  expect(await refusalOf(octokit.issues.createLabel({ ...place, name: "x", color: "red" }))).toEqual(invalid);
  expect(await refusalOf(octokit.issues.createLabel({ ...place, name: "x".repeat(51) }))).toEqual(invalid);
  expect(await refusalOf(octokit.issues.updateLabel({ ...place, name: "bug", new_name: "Wontfix" }))).toEqual(
    invalid,
  );
});

test("labels are put on an issue, replaced and taken off, and unknown names become labels", async () => {
  const { clientOf, ada, place } = await openForge();
  const octokit = clientOf(ada);
  await octokit.issues.create({ ...place, title: "Label me" });
  const issue = { ...place, issue_number: 1 };
  const names = (labels: { data: { name: string }[] }): string[] => labels.data.map(({ name }) => name);
  expect(names(await octokit.issues.addLabels({ ...issue, labels: ["bug", "fresh", "Bug"] }))).toEqual([
    "bug",
    "fresh",
  ]);
  expect((await octokit.issues.getLabel({ ...place, name: "fresh" })).data.color).toBe("ededed");
  expect(names(await octokit.issues.setLabels({ ...issue, labels: ["fresh", "question"] }))).toEqual([
    "fresh",
    "question",
  ]);
  expect(names(await octokit.issues.removeLabel({ ...issue, name: "FRESH" }))).toEqual(["question"]);
  expect(await refusalOf(octokit.issues.removeLabel({ ...issue, name: "fresh" }))).toEqual({
    status: 404,
    message: "Label does not exist",
  });
  await octokit.issues.removeAllLabels(issue);
  expect(names(await octokit.issues.listLabelsOnIssue(issue))).toEqual([]);
});

test("a deleted label leaves every issue", async () => {
  const { clientOf, ada, place } = await openForge();
  const octokit = clientOf(ada);
  await octokit.issues.create({ ...place, title: "Label me", labels: ["bug", "question"] });
  await octokit.issues.deleteLabel({ ...place, name: "bug" });
  const { data } = await octokit.issues.get({ ...place, issue_number: 1 });
  expect(data.labels).toMatchObject([{ name: "question" }]);
});
