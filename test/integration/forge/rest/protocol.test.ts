import { expect, test } from "vitest";

import { openForge, refusalOf } from "../forge-fixture.ts";

test("an unchanged answer is 304 for those who have it, and costs nothing", async () => {
  const { forge, clientOf, ada, place } = await openForge();
  const octokit = clientOf(ada);
  const first = await octokit.repos.get(place);
  const { etag } = first.headers;
  expect(etag).toMatch(/^W\/"/);
  const again = octokit.repos.get({ ...place, headers: { "if-none-match": etag } });
  expect(await refusalOf(again)).toMatchObject({ status: 304 });
  const { data } = await octokit.rateLimit.get();
  expect(data.rate.used).toBe(1);

  forge.hub.addCollaborator(forge.hub.store.repositories.find({})[0]!, ada, "admin");
  await octokit.issues.create({ ...place, title: "Changes the count of open issues" });
  const changed = await octokit.repos.get({ ...place, headers: { "if-none-match": etag } });
  expect(changed.status).toBe(200);
});

test("the rate limit is counted for each owner and refused beyond, until it is reset", async () => {
  let now = new Date("2026-01-01T12:00:00Z");
  const { forge, clientOf, ada, place } = await openForge({ requestsPerHour: 2, now: () => now });
  const grace = forge.hub.createUser({ login: "grace" });
  const octokit = clientOf(ada);
  expect((await octokit.repos.get(place)).headers).toMatchObject({
    "x-ratelimit-limit": "2",
    "x-ratelimit-remaining": "1",
    "x-ratelimit-reset": String(Date.parse("2026-01-01T13:00:00Z") / 1000),
  });
  await clientOf(ada).repos.get(place);
  expect(await refusalOf(octokit.repos.get(place))).toMatchObject({
    status: 403,
    message: expect.stringContaining("API rate limit exceeded") as string,
  });
  expect((await clientOf(grace).repos.get(place)).status).toBe(200);
  now = new Date("2026-01-01T13:00:01Z");
  expect((await octokit.repos.get(place)).status).toBe(200);
});

test("every answer carries a request id, refusals a message and a link to the documentation", async () => {
  const { forge } = await openForge();
  const response = await fetch(`${forge.url}/api/v3/repos/no/where`);
  expect(response.status).toBe(404);
  expect(response.headers.get("x-github-request-id")).toMatch(/^[\dA-F]+$/);
  expect(await response.json()).toEqual({
    message: "Not Found",
    documentation_url: "https://docs.github.com/rest",
    status: "404",
  });
});

test("the entry points answer", async () => {
  const { clientOf, ada } = await openForge();
  const octokit = clientOf(ada);
  expect((await octokit.meta.root()).data.current_user_url).toMatch(/\/api\/v3\/user$/);
  expect((await octokit.meta.getZen()).data).toBe("Keep it logically awesome.");
  expect((await octokit.meta.get()).data).toMatchObject({ verifiable_password_authentication: false });
  expect((await octokit.users.getAuthenticated()).data.login).toBe("ada");
  expect((await octokit.users.getByUsername({ username: "github-actions[bot]" })).data.type).toBe("Bot");
});
