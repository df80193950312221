import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createForgeWorld, refusal, type ForgeWorld } from "./forge-world.ts";

let world: ForgeWorld;

beforeAll(async () => {
  world = await createForgeWorld();
});

afterAll(() => world.close());

function errorsOf(request: Promise<unknown>): Promise<unknown> {
  return request.then(
    () => "answered",
    (error: { errors?: unknown }) => error.errors,
  );
}

describe("GraphQL", () => {
  it("answers for the viewer, repositories, issues and pull requests", async () => {
    const octokit = world.as(world.writer);
    const { data: issue } = await octokit.issues.create({ ...world.at, title: "Broken", labels: ["bug"] });
    await octokit.issues.createComment({ ...world.at, issue_number: issue.number, body: "Indeed" });
    const answer = await octokit.graphql(
      `query($owner: String!, $name: String!, $number: Int!) {
        viewer { __typename login }
        repository(owner: $owner, name: $name) {
          id nameWithOwner isPrivate viewerPermission
          owner { login }
          defaultBranchRef { name target { oid } }
          issue(number: $number) {
            id title state
            author { __typename login }
            labels(first: 5) { totalCount nodes { name } }
            comments(first: 1) { nodes { body author { login } } pageInfo { hasNextPage } }
          }
        }
      }`,
      { ...world.at, name: world.at.repo, number: issue.number },
    );
    expect(answer).toMatchObject({
      viewer: { __typename: "User", login: "ada" },
      repository: {
        nameWithOwner: "octo/app",
        viewerPermission: "WRITE",
        owner: { login: "octo" },
        defaultBranchRef: { name: "main" },
        issue: {
          id: issue.node_id,
          title: "Broken",
          state: "OPEN",
          author: { __typename: "User", login: "ada" },
          labels: { totalCount: 1, nodes: [{ name: "bug" }] },
          comments: {
            nodes: [{ body: "Indeed", author: { login: "ada" } }],
            pageInfo: { hasNextPage: false },
          },
        },
      },
    });
    const byId = await octokit.graphql(`query($id: ID!) { node(id: $id) { ... on Issue { number } } }`, {
      id: issue.node_id,
    });
    expect(byId).toEqual({ node: { number: issue.number } });
    expect(await world.asApp().graphql(`{ viewer { login } }`)).toEqual({ viewer: { login: "helper[bot]" } });
    expect(world.witness.problems).toEqual([]);
  });

  it("says what is not there and what may not be done, as GitHub says it", async () => {
    const octokit = world.as(world.reader);
    const missing = octokit.graphql(`{ repository(owner: "octo", name: "none") { id } }`);
    expect(await errorsOf(missing)).toMatchObject([
      { type: "NOT_FOUND", message: "Could not resolve to a Repository with the name 'octo/none'." },
    ]);
    const { hub } = world.forge;
    await hub.createRepository({ owner: world.owner, name: "secret", private: true });
    expect(
      await errorsOf(octokit.graphql(`{ repository(owner: "octo", name: "secret") { id } }`)),
    ).toMatchObject([{ type: "NOT_FOUND" }]);
    const ready = `mutation { markPullRequestReadyForReview(input: {pullRequestId: "PR_x"}) { clientMutationId } }`;
    expect(await errorsOf(octokit.graphql(ready))).toMatchObject([{ type: "NOT_FOUND" }]);
    expect(await errorsOf(octokit.graphql(`{ viewer { nonsense } }`))).toMatchObject([
      { message: expect.stringContaining(`Cannot query field "nonsense"`) as string },
    ]);
    expect(await refusal(world.octokit().graphql(`{ viewer { login } }`))).toMatchObject({ status: 401 });
  });

  it("is loud about what GitHub has and the forge has not", async () => {
    const octokit = world.as(world.reader);
    expect(await refusal(octokit.graphql(`{ viewer { gists(first: 1) { totalCount } } }`))).toEqual({
      status: 501,
      message: "The forge does not support the GraphQL field User.gists.",
    });
    expect(
      await refusal(
        octokit.graphql(
          `{ repository(owner: "octo", name: "app") { labels(first: 1, query: "x") { totalCount } } }`,
        ),
      ),
    ).toEqual({ status: 501, message: "The forge does not support the GraphQL argument query here." });
  });
});
