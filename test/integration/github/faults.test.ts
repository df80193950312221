import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import nock from "nock";
import { Probot } from "probot";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  type ClientSettings,
  rateAwareOctokit,
} from "../../../src/adapters/github/client/rate-aware-octokit.ts";
import { createRequestCounter } from "../../../src/adapters/github/client/request-counter.ts";
import { createGitHub } from "../../../src/adapters/github/create-github.ts";
import { GitHubUnavailable } from "../../../src/ports/github-unavailable.ts";
import { manualClock } from "./manual-clock.ts";
import { silentLog } from "./silent-log.ts";

// Faults of GitHub and of the line to it, which neither the forge nor GitHub itself can be asked to have.

const API = "https://api.github.com";
const REPOSITORY = { id: 1, owner: "ada", name: "engine", defaultBranch: "main" };
const ISSUE = "/repos/ada/engine/issues/7";
const COMMENTS = `${ISSUE}/comments?per_page=100`;

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});

beforeAll(() => {
  nock.disableNetConnect();
  nock.enableNetConnect("127.0.0.1");
});
afterEach(() => nock.cleanAll());
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

async function openClient(settings: Partial<ClientSettings> = {}, { eager = true, baseUrl = API } = {}) {
  const clock = manualClock({ eager });
  const counter = createRequestCounter();
  const probot = new Probot({
    appId: 1,
    privateKey,
    baseUrl,
    Octokit: rateAwareOctokit({ clock, observe: counter.observe, ...settings }),
    log: silentLog,
  });
  nock(API)
    .post(/^\/app\/installations\/\d+\/access_tokens$/)
    .reply(201, { token: "ghs_x", expires_at: "2099-01-01T00:00:00Z", permissions: {} })
    .persist();
  const octokit = await probot.auth(7);
  const app = { id: 1, slug: "baton", login: "baton[bot]" };
  return {
    clock,
    counter,
    octokit,
    probot,
    github: createGitHub(octokit, { app, clock, installationId: 7 }),
  };
}

/** An issue as the adapter reads it. */
const issue = (title: string) => ({ number: 7, title, body: null, labels: [], state: "open" });

async function unavailable(attempt: Promise<unknown>): Promise<GitHubUnavailable> {
  const error: unknown = await attempt.then(
    () => new Error("It was not refused."),
    (refused: unknown) => refused,
  );
  if (!(error instanceof GitHubUnavailable)) throw error;
  return error;
}

describe("rate limits", () => {
  test("a limit that is used up is told with its end, and nothing more is sent before", async () => {
    const { clock, counter, github } = await openClient();
    const reset = clock.now().getTime() / 1_000 + 1_800;
    nock(API)
      .get(ISSUE)
      .reply(
        403,
        { message: "API rate limit exceeded for installation ID 7." },
        { "x-ratelimit-remaining": "0", "x-ratelimit-reset": `${reset}`, "x-ratelimit-resource": "core" },
      );
    const first = await unavailable(github.issue(REPOSITORY, 7));
    expect(first.retryAt).toEqual(new Date(reset * 1_000));
    const sent = counter.total();
    expect((await unavailable(github.issue(REPOSITORY, 7))).retryAt).toEqual(new Date(reset * 1_000));
    expect(counter.total()).toBe(sent);
    expect(clock.waits).toEqual([]);
  });

  test("the last request that was allowed succeeds, the next waits for the reset", async () => {
    const { clock, github } = await openClient();
    const reset = clock.now().getTime() / 1_000 + 60;
    nock(API)
      .get(ISSUE)
      .reply(200, issue("first"), { "x-ratelimit-remaining": "0", "x-ratelimit-reset": `${reset}` })
      .get(ISSUE)
      .reply(200, issue("second"));
    expect(await github.issue(REPOSITORY, 7)).toMatchObject({ title: "first" });
    await unavailable(github.issue(REPOSITORY, 7));
    clock.advance(60_000);
    expect(await github.issue(REPOSITORY, 7)).toMatchObject({ title: "second" });
  });

  test.each([
    ["retry-after", 403, { message: "Slow down" }, { "retry-after": "30" }, 30_000],
    [
      "the words alone",
      403,
      { message: "You have exceeded a secondary rate limit. Please wait a few minutes." },
      {},
      60_000,
    ],
    [
      "its documentation",
      403,
      { documentation_url: "https://docs.github.com/x#secondary-rate-limits" },
      {},
      60_000,
    ],
    ["status 429", 429, { message: "Too many requests" }, {}, 60_000],
  ])(
    "a secondary limit, told by %s, closes the way for all requests",
    async (_what, status, body, headers, waitMs) => {
      const { clock, github } = await openClient();
      nock(API).post(`${ISSUE}/labels`).reply(status, body, headers);
      nock(API).get(`${ISSUE}/labels?per_page=100`).reply(200, []);
      nock(API).get("/repos/ada/engine/labels/baton%3Apending").reply(200, { name: "baton:pending" });
      const label = { prefix: "baton:", name: "baton:pending", color: "ededed", description: "" };
      // The wait for the second write of the lane moved the clock on before the refusal.
      const refused = await unavailable(github.ensureLabel(REPOSITORY, 7, label));
      expect(refused.retryAt).toEqual(new Date(clock.now().getTime() + waitMs));
      expect((await unavailable(github.issue(REPOSITORY, 7))).retryAt).toEqual(refused.retryAt);
    },
  );

  test("a refusal for want of a permission is no limit", async () => {
    const { github } = await openClient();
    nock(API)
      .get(ISSUE)
      .reply(403, { message: "Resource not accessible by integration" }, { "x-ratelimit-remaining": "4999" });
    await expect(github.issue(REPOSITORY, 7)).rejects.toMatchObject({ status: 403 });
    nock(API).get(ISSUE).reply(200, issue("after"));
    expect(await github.issue(REPOSITORY, 7)).toMatchObject({ title: "after" });
  });

  test("the GraphQL budget is one of its own", async () => {
    const { github } = await openClient();
    const pull = { number: 8, node_id: "PR_1", state: "open", draft: true, merged: false };
    nock(API).get("/repos/ada/engine/pulls/8").times(2).reply(200, pull);
    nock(API)
      .post("/graphql")
      .reply(200, { data: null, errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded" }] });
    await unavailable(github.ensureReadyForReview(REPOSITORY, 8));
    nock(API).get(ISSUE).reply(200, issue("still there"));
    expect(await github.issue(REPOSITORY, 7)).toMatchObject({ title: "still there" });
    await unavailable(github.ensureReadyForReview(REPOSITORY, 8));
  });

  test("one installation's limit is not another's", async () => {
    const { github, probot, clock } = await openClient();
    nock(API).get(ISSUE).reply(429, { message: "Too many requests" }, { "retry-after": "30" });
    await unavailable(github.issue(REPOSITORY, 7));
    const app = { id: 1, slug: "baton", login: "baton[bot]" };
    const other = createGitHub(await probot.auth(8), { app, clock, installationId: 8 });
    nock(API).get(ISSUE).reply(200, issue("another tenant"));
    expect(await other.issue(REPOSITORY, 7)).toMatchObject({ title: "another tenant" });
  });
});

describe("outages", () => {
  test.each([500, 502, 503, 504])("a %i is tried again in place, after short pauses", async (status) => {
    const { clock, github } = await openClient();
    nock(API).get(ISSUE).times(2).reply(status, "<html>").get(ISSUE).reply(200, issue("third time"));
    expect(await github.issue(REPOSITORY, 7)).toMatchObject({ title: "third time" });
    expect(clock.waits).toEqual([250, 1_000]);
  });

  test("an outage that lasts is told as one, with no time to come back that GitHub did not name", async () => {
    const { github } = await openClient();
    nock(API).get(ISSUE).times(3).reply(503, "");
    expect(await unavailable(github.issue(REPOSITORY, 7))).toMatchObject({
      retryAt: null,
      message: "GitHub answered 503 to GET /repos/{owner}/{repo}/issues/{issue_number}.",
    });
  });

  test("a torn connection is tried again where that is safe", async () => {
    const { github } = await openClient();
    nock(API)
      .get(ISSUE)
      .replyWithError(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }))
      .get(ISSUE)
      .reply(200, issue("again"));
    expect(await github.issue(REPOSITORY, 7)).toMatchObject({ title: "again" });
  });

  test("a body that breaks off is not taken for an answer", async () => {
    const { github } = await openClient();
    nock(API)
      .get(ISSUE)
      .reply(200, '{"number":7,"title":"hal', { "content-type": "application/json; charset=utf-8" })
      .get(ISSUE)
      .reply(200, issue("whole"));
    expect(await github.issue(REPOSITORY, 7)).toMatchObject({ title: "whole" });
  });

  test("a POST that may have been carried out is not sent twice: the next run looks first", async () => {
    const { counter, github } = await openClient();
    nock(API).get("/users/baton%5Bbot%5D").reply(200, { id: 99 });
    nock(API).get(COMMENTS).reply(200, []);
    nock(API).post(`${ISSUE}/comments`).replyWithError(new Error("socket hang up"));
    await unavailable(github.ensureComment(REPOSITORY, 7, "<!-- m -->", "planning"));
    expect(counter.byKind().get("POST /repos/:repo/issues/:id/comments")).toBe(1);
    nock(API)
      .get(COMMENTS)
      .reply(200, [{ id: 1, user: { id: 99 }, body: "<!-- m -->\nplanning" }]);
    await github.ensureComment(REPOSITORY, 7, "<!-- m -->", "planning");
    expect(counter.byKind().get("POST /repos/:repo/issues/:id/comments")).toBe(1);
  });

  test("an answer that does not come in time is an outage", async () => {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    onTestFinished(() => silent.closeAllConnections());
    await once(silent, "listening");
    const baseUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const { github } = await openClient({ timeoutMs: 20, retryDelaysMs: [] }, { baseUrl });
    expect((await unavailable(github.issue(REPOSITORY, 7))).message).toMatch(/^GitHub did not answer /);
  });

  test("no token to be had is an outage too", async () => {
    const { github } = await openClient();
    nock.cleanAll();
    nock(API)
      .post(/access_tokens$/)
      .times(3)
      .reply(502, "");
    await unavailable(github.issue(REPOSITORY, 7));
  });
});

describe("a server that does not say which run a dispatch became", () => {
  const ACTIONS = "/repos/ada/engine/actions/workflows/baton.yml";
  const RUNS = `${ACTIONS}/runs?event=workflow_dispatch&branch=main&per_page=100`;
  const run = { id: 5, html_url: "https://github.com/run/5", display_title: "Baton 1-7-1.1" };
  const dispatch = { workflow: "baton.yml", attempt: "1-7-1.1", server: "https://baton.example" };

  test("is asked for its list until the run shows up", async () => {
    const { clock, github } = await openClient({ writeIntervalMs: 0 });
    nock(API).get(RUNS).times(2).reply(200, { total_count: 0, workflow_runs: [] });
    nock(API).post(`${ACTIONS}/dispatches`).reply(204);
    nock(API)
      .get(RUNS)
      .reply(200, { total_count: 1, workflow_runs: [run] });
    expect(await github.dispatchRun(REPOSITORY, dispatch)).toEqual({
      kind: "started",
      run: { id: 5, url: "https://github.com/run/5" },
    });
    expect(clock.waits).toEqual([500, 1_500]);
  });

  test("is asked again later when the run is slow to show up, and the run is not started twice", async () => {
    const { clock, counter, github } = await openClient({ writeIntervalMs: 0 });
    nock(API).get(RUNS).times(4).reply(200, { total_count: 0, workflow_runs: [] });
    nock(API).post(`${ACTIONS}/dispatches`).reply(204);
    const refused = await unavailable(github.dispatchRun(REPOSITORY, dispatch));
    expect(refused.retryAt).toEqual(new Date(clock.now().getTime() + 10_000));
    nock(API)
      .get(RUNS)
      .reply(200, { total_count: 1, workflow_runs: [run] });
    expect(await github.dispatchRun(REPOSITORY, dispatch)).toMatchObject({ kind: "started", run: { id: 5 } });
    expect(counter.byKind().get("POST /repos/:repo/actions/workflows/:id/dispatches")).toBe(1);
  });
});

describe("pace", () => {
  test("writes begin a second apart, reads do not wait", async () => {
    const { clock, github } = await openClient();
    nock(API).get(ISSUE).times(3).reply(200, issue("read"));
    nock(API)
      .post(/\/reactions$/)
      .times(3)
      .reply(201, {});
    for (let index = 0; index < 3; index += 1) {
      await github.issue(REPOSITORY, 7);
      await github.ensureReaction(REPOSITORY, index, "eyes");
    }
    expect(clock.waits).toEqual([1_000, 1_000]);
  });

  test("a write that would wait too long is told when its turn comes", async () => {
    const { clock, github } = await openClient({ maxWaitMs: 2_000 }, { eager: false });
    nock(API)
      .post(/\/reactions$/)
      .reply(201, {})
      .persist();
    const sent = [1, 2, 3].map((id) => github.ensureReaction(REPOSITORY, id, "eyes"));
    const refused = await unavailable(github.ensureReaction(REPOSITORY, 4, "eyes"));
    expect(refused.retryAt).toEqual(new Date(clock.now().getTime() + 3_000));
    clock.advance(2_000);
    await Promise.all(sent);
  });

  test("no more requests than allowed are on their way at once", async () => {
    const { github } = await openClient({ maxConcurrent: 3 });
    let open = 0;
    let most = 0;
    nock(API)
      .get(/issues\/\d+$/)
      .times(10)
      .reply(async () => {
        open += 1;
        most = Math.max(most, open);
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        return [200, issue("read")];
      });
    await Promise.all(Array.from({ length: 10 }, () => github.issue(REPOSITORY, 7)));
    expect(most).toBe(3);
  });
});

describe("conditional requests", () => {
  test("what did not change is taken from memory, pages included", async () => {
    const { github } = await openClient();
    const link = { link: `<${API}/repositories/1/issues/7/comments?per_page=100&page=2>; rel="next"` };
    const page2 = "/repositories/1/issues/7/comments?per_page=100&page=2";
    const ours = { id: 2, user: { id: 99 }, body: "<!-- m -->\nplanning" };
    nock(API).get("/users/baton%5Bbot%5D").reply(200, { id: 99 });
    nock(API)
      .get(COMMENTS)
      .reply(200, [], { etag: '"one"', ...link });
    nock(API).get(page2).reply(200, [ours], { etag: '"two"' });
    await github.ensureComment(REPOSITORY, 7, "<!-- m -->", "planning");
    const again = [
      nock(API, { reqheaders: { "if-none-match": '"one"' } })
        .get(COMMENTS)
        .reply(304),
      nock(API, { reqheaders: { "if-none-match": '"two"' } })
        .get(page2)
        .reply(304),
    ];
    await github.ensureComment(REPOSITORY, 7, "<!-- m -->", "planning");
    expect(again.every((scope) => scope.isDone())).toBe(true);
  });
});

describe("counting", () => {
  test("every request counts once under its kind, those for tokens included", async () => {
    const { counter, github } = await openClient();
    nock(API)
      .get(/issues\/\d+$/)
      .times(2)
      .reply(200, issue("read"));
    await github.issue(REPOSITORY, 7);
    await github.issue(REPOSITORY, 7);
    expect([...counter.byKind()]).toEqual([
      ["GET /repos/:repo/issues/:id", 2],
      ["POST /app/installations/:id/access_tokens", 1],
    ]);
  });
});

describe("merging", () => {
  const pull = { number: 8, state: "open", merged: false, merge_commit_sha: null, base: { ref: "main" } };
  const wanted = { number: 8, sha: "a".repeat(40), method: "squash", title: "Add", message: "" } as const;
  const merging = "/repos/ada/engine/pulls/8/merge";

  test("while GitHub works out anew whether it can be merged, a merge is tried later instead of refused", async () => {
    const { github } = await openClient();
    nock(API)
      .get("/repos/ada/engine/pulls/8")
      .twice()
      .reply(200, { ...pull, mergeable: true })
      .get("/repos/ada/engine/pulls/8")
      .reply(200, { ...pull, mergeable: null });
    nock(API)
      .put(merging)
      .reply(405, { message: "Base branch was modified. Review and try the merge again." });
    await unavailable(github.merge(REPOSITORY, wanted));
  });

  test("a rule that forbids it is a refusal", async () => {
    const { github } = await openClient();
    nock(API)
      .get("/repos/ada/engine/pulls/8")
      .times(3)
      .reply(200, { ...pull, mergeable: true });
    nock(API).put(merging).reply(405, { message: "Required status check is expected." });
    expect(await github.merge(REPOSITORY, wanted)).toEqual({
      kind: "refused",
      why: "GitHub refused the merge: Required status check is expected.",
    });
  });
});
