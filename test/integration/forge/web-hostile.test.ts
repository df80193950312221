import { request as sendHttp, type IncomingHttpHeaders } from "node:http";

import { expect, test } from "vitest";

import { useWebWorld, type WebWorld } from "./web-browser.ts";

// Every page that is opened here is watched: a script that ran, a dialog, a request to elsewhere or a violation of
// the content policy fails the file, see `useWebWorld`.
const world = useWebWorld();

const payload = `"><img src=x onerror="alert(1)"><script>alert(2)</script>'`;

test("markup in titles, bodies, labels and comments is shown as the text it is", async () => {
  const { visit, writer, as, at } = world();
  const octokit = as(writer);
  await octokit.rest.issues.createLabel({
    ...at,
    name: payload.slice(0, 50),
    description: payload,
    color: "d73a4a",
  });
  const { data: issue } = await octokit.rest.issues.create({
    ...at,
    title: `Title ${payload}`,
    body: `Body ${payload}\n\n[click](javascript:alert(3)) <details ontoggle=alert(4) open><svg/onload=alert(5)>`,
    labels: [payload.slice(0, 50)],
  });
  const comment = { ...at, issue_number: issue.number, body: `Comment ${payload}\n\n${"`" + payload + "`"}` };
  await octokit.rest.issues.createComment(comment);

  const page = await visit(`/octo/app/issues/${issue.number}`, { as: writer });
  expect(await page.title()).toContain(payload);
  await page.getByRole("heading", { level: 1, name: `Title ${payload}` }).waitFor();
  await page.locator(".comment-body", { hasText: `Comment ${payload}` }).waitFor();
  await page.locator(".sidebar .labels", { hasText: payload.slice(0, 50) }).waitFor();
  expect(
    await page
      .locator('main :is(script, img, [onerror], [onload], [ontoggle], a[href^="javascript"])')
      .count(),
  ).toBe(0);
  for (const path of ["/octo/app/issues", "/octo/app/settings", "/octo/app/issues/new", "/"]) {
    await page.goto(new URL(path, page.url()).href);
    expect(await page.locator("main :is(script, img)").count()).toBe(0);
  }
});

test("markup in file names, branches, commits and changes is shown as the text it is", async () => {
  const { visit, owner, tokenOf, clone } = world();
  const git = await clone(tokenOf(owner));
  const name = `<img src=x onerror=alert(1)> & "quotes" #%?.md`;
  const branch = "<script>alert(1)</script>";
  await git.git("switch", "--create", branch);
  const message = `Add ${payload}\n\nhttps://example.org/"onmouseover="alert(1) ${payload}`;
  await git.commit(message, { [name]: `# ${payload}\n\n![x](javascript:alert(1)) ${payload}\n` });
  await git.git("push", "--quiet", "origin", branch);

  const page = await visit(`/octo/app/tree/${encodeURIComponent(branch)}`, { as: owner });
  await page.getByRole("link", { name }).click();
  await page.getByRole("heading", { name: payload }).waitFor();
  await page.getByRole("link", { name: "Source" }).click();
  await page.locator(".code-table", { hasText: payload }).waitFor();
  await page.getByRole("link", { name: "Raw" }).click();
  expect(await page.evaluate("document.contentType")).toBe("text/plain");
  await page.goBack();
  await page.goto(new URL(`/octo/app/commits/${encodeURIComponent(branch)}`, page.url()).href);
  await page.getByRole("link", { name: `Add ${payload}` }).click();
  await page.locator(".file-path", { hasText: name }).waitFor();
  expect(await page.locator("main :is(script, img, [onerror], [onmouseover])").count()).toBe(0);
});

test("a picture in a repository cannot run a script on the forge's origin", async () => {
  const { forge, owner, writer, visit, tokenOf, clone } = world();
  const git = await clone(tokenOf(owner));
  const picture = `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(document.cookie)</script></svg>`;
  await git.commit("Draw", { "evil.svg": picture });
  await git.git("push", "--quiet", "origin", "HEAD:main");
  const page = await visit("/octo/app/blob/main/evil.svg", { as: writer });
  await page.locator("img").waitFor();
  const { headers } = await send(forge.url, { path: "/octo/app/raw/main/evil.svg" });
  expect(headers["content-type"]).toBe("image/svg+xml");
  expect(headers["content-security-policy"]).toContain("sandbox");
});

test("markup in checks and reviews is shown as the text it is", async () => {
  const { visit, owner, writer, as, asApp, at, tokenOf, clone } = world();
  const git = await clone(tokenOf(owner));
  await git.git("switch", "--create", "checked");
  await git.commit("Check", { "checked.txt": "checked\n" });
  await git.git("push", "--quiet", "origin", "checked");
  const octokit = as(owner);
  const { data: pull } = await octokit.rest.pulls.create({
    ...at,
    title: payload,
    head: "checked",
    base: "main",
  });
  await asApp().rest.checks.create({
    ...at,
    name: payload,
    head_sha: pull.head.sha,
    conclusion: "failure",
    output: {
      title: payload,
      summary: payload,
      text: payload,
      annotations: [
        {
          path: payload,
          start_line: 1,
          end_line: 1,
          annotation_level: "failure",
          message: payload,
          title: payload,
        },
      ],
    },
    actions: [{ label: "<b>Go</b>", identifier: '"><i>', description: "<script>x</script>" }],
  });
  await as(writer).rest.pulls.createReview({
    ...at,
    pull_number: pull.number,
    event: "COMMENT",
    body: payload,
  });
  const page = await visit(`/octo/app/pull/${pull.number}`, { as: writer });
  for (const tab of ["", "/commits", "/checks", "/files"]) {
    await page.goto(new URL(`/octo/app/pull/${pull.number}${tab}`, page.url()).href);
    expect(await page.locator('main :is(script, img, i, [onerror], a[href^="javascript"])').count()).toBe(0);
  }
});

test("only this machine's names reach the pages, so that no foreign name can be pointed at them", async () => {
  const { forge } = world();
  const { port } = new URL(forge.url);
  for (const host of ["evil.example", `evil.example:${port}`, `127.0.0.1.evil.example:${port}`]) {
    const answer = await send(forge.url, { path: "/octo/app/issues", headers: { host } });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain("is not one of its names");
  }
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
    expect((await send(forge.url, { path: "/octo/app/issues", headers: { host } })).status).toBe(200);
  }
});

test("a form from another site is not carried out", async () => {
  const { forge, as, writer, at } = world();
  const before = await as(writer).rest.issues.listForRepo({ ...at, state: "all" });
  const foreign: Record<string, string>[] = [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://127.0.0.1:1" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site", origin: forge.url },
    {},
  ];
  for (const headers of foreign) {
    const answer = await post(world(), headers);
    expect([headers, answer.status]).toEqual([headers, 403]);
  }
  const after = await as(writer).rest.issues.listForRepo({ ...at, state: "all" });
  expect(after.data).toHaveLength(before.data.length);
  const own = await post(world(), { origin: forge.url, "sec-fetch-site": "same-origin" });
  expect(own.status).toBe(303);
});

test("a form larger than any that the pages send is refused", async () => {
  const { forge } = world();
  const answer = await send(forge.url, {
    method: "POST",
    path: "/octo/app/issues",
    headers: { origin: forge.url, "content-type": "application/x-www-form-urlencoded" },
    body: `title=x&body=${"x".repeat(1_100_000)}`,
  });
  expect(answer.status).toBe(413);
});

test("acting as somebody else leads back to this forge and nowhere else", async () => {
  const { forge } = world();
  for (const target of ["https://evil.example/", "//evil.example/", "/\\evil.example"]) {
    const answer = await send(forge.url, {
      method: "POST",
      path: "/_web/act-as",
      headers: { origin: forge.url, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ login: "ada", return_to: target }).toString(),
    });
    expect(answer.headers.location).toBe("/");
  }
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Sending {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** A request with exactly these headers, which `fetch` would not send. */
function send(url: string, { method = "GET", path, headers = {}, body }: Sending): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = sendHttp({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

function post({ forge }: WebWorld, headers: Record<string, string>): Promise<Answer> {
  return send(forge.url, {
    method: "POST",
    path: "/octo/app/issues",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: "title=From+a+form",
  });
}
