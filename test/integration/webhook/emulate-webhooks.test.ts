import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { readIntent } from "../../../src/surfaces/webhook/intents/read-intent.ts";
import { openEmulate } from "../github/emulate-fixture.ts";
import { waitFor } from "../../support/wait-for.ts";
import { openIngress, SECRET } from "./ingress-server.ts";

const SITE = { owner: "ada", repo: "engine" };

test("webhooks that emulate signs are taken in and understood like those of the forge", async () => {
  const { inbox, port } = await openIngress();
  const url = await openRelay(`http://127.0.0.1:${port}/api/github/webhooks`);
  const { app, person } = await openEmulate({ url, secret: SECRET });
  const { data: issue } = await person.rest.issues.create({ ...SITE, title: "Add a page" });
  await person.rest.issues.addLabels({ ...SITE, issue_number: issue.number, labels: ["baton"] });
  await person.rest.issues.createComment({ ...SITE, issue_number: issue.number, body: "/approve" });

  const own = { app, workflow: ".github/workflows/baton.yml" };
  const intents = () =>
    inbox.stored.map(({ event, body }) => {
      const payload: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
      return readIntent({ name: event, payload }, own);
    });
  await waitFor(() => {
    const kinds = intents().map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["label-added", "comment-created"]));
  });
  expect(intents().find(({ kind }) => kind === "label-added")).toMatchObject({
    tenant: 42,
    repository: { owner: "ada", name: "engine" },
    issue: { number: issue.number, labels: ["baton"] },
    label: "baton",
    sender: { login: "ada", type: "user" },
  });
  expect(intents().find(({ kind }) => kind === "comment-created")).toMatchObject({
    body: "/approve",
    isPull: false,
  });
});

/** Hands webhooks on byte by byte, with a GUID like GitHub's: emulate counts its deliveries by the clock. */
async function openRelay(target: string): Promise<string> {
  const relay = createServer((request, response) => {
    void buffer(request).then(async (body) => {
      const { status } = await fetch(target, {
        method: "POST",
        headers: {
          "content-type": request.headers["content-type"] ?? "",
          "x-github-event": String(request.headers["x-github-event"]),
          "x-github-delivery": randomUUID(),
          "x-hub-signature-256": String(request.headers["x-hub-signature-256"]),
        },
        body,
      });
      response.writeHead(status).end();
    });
  }).listen(0, "127.0.0.1");
  await once(relay, "listening");
  onTestFinished(() => {
    relay.close();
    relay.closeAllConnections();
  });
  return `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
}
