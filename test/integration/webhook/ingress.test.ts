import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { request, type ClientRequest, type IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { waitFor } from "../../support/wait-for.ts";
import { StoreOverloaded } from "../../../src/ports/store-overloaded.ts";
import { openIngress, SECRET } from "./ingress-server.ts";

const BODY = JSON.stringify({ action: "labeled", zen: "Grüße" });

function sign(body: string | Uint8Array, secret = SECRET): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

function headersFor(body: string | Uint8Array): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-github-event": "issues",
    "x-github-delivery": randomUUID(),
    "x-hub-signature-256": sign(body),
  };
}

/** Begins a request and leaves its body to the caller. */
function begin(
  port: number,
  headers: Record<string, string>,
  { method = "POST", path = "/api/github/webhooks" } = {},
) {
  const sent = request({ port, host: "127.0.0.1", method, path, headers });
  const answer = new Promise<{ status: number; text: string; headers: IncomingMessage["headers"] }>(
    (resolve, reject) => {
      sent.on("error", reject).on("response", (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
        );
      });
    },
  );
  answer.catch(() => undefined);
  return { sent, answer };
}

function post(port: number, body: string | Uint8Array, headers: Record<string, string> = {}) {
  const { sent, answer } = begin(port, { ...headersFor(body), ...headers });
  sent.end(body);
  return answer;
}

test("a signed delivery is stored as it came, and then answered 202", async () => {
  const { inbox, port } = await openIngress();
  const delivery = randomUUID();
  const body = `{ "a" : 1 }  `;
  expect(await post(port, body, { "x-github-delivery": delivery })).toMatchObject({
    status: 202,
    text: "Stored.\n",
  });
  expect(inbox.stored).toEqual([
    {
      id: delivery,
      event: "issues",
      body: Buffer.from(body),
      receivedAt: expect.stringMatching(/^\d{4}-/) as string,
    },
  ]);
});

test("it is answered only after the store has it", async () => {
  const { inbox, port } = await openIngress();
  const release = inbox.stall();
  const answer = post(port, BODY);
  let answered = false;
  void answer.then(() => (answered = true));
  // Another request to the same server goes its whole way meanwhile.
  expect((await post(port, BODY, { "x-hub-signature-256": sign("other") })).status).toBe(401);
  expect(answered).toBe(false);
  release();
  expect((await answer).status).toBe(202);
});

test("a delivery that was seen before is answered 200, with another body 409, and stored once", async () => {
  const { inbox, port } = await openIngress();
  const again = { "x-github-delivery": randomUUID() };
  await post(port, BODY, again);
  expect(await post(port, BODY, again)).toMatchObject({
    status: 200,
    text: "This delivery was stored before.\n",
  });
  expect(await post(port, '{"other":true}', again)).toMatchObject({
    status: 409,
    text: "Another body was stored under this delivery's GUID, and is kept.\n",
  });
  expect(
    (await post(port, BODY, { "x-github-delivery": again["x-github-delivery"].toUpperCase() })).status,
  ).toBe(200);
  expect(inbox.stored.map(({ body }) => Buffer.from(body).toString())).toEqual([BODY]);
});

test("both secrets sign while one takes the other's place", async () => {
  const { inbox, port } = await openIngress({ secrets: ["new", "old"] });
  expect((await post(port, BODY, { "x-hub-signature-256": sign(BODY, "new") })).status).toBe(202);
  expect((await post(port, BODY, { "x-hub-signature-256": sign(BODY, "old") })).status).toBe(202);
  expect((await post(port, BODY, { "x-hub-signature-256": sign(BODY, "older") })).status).toBe(401);
  expect(inbox.stored).toHaveLength(2);
});

test.each([
  [
    "another signature",
    { "x-hub-signature-256": sign("other") },
    401,
    "The signature is not one of the secret",
  ],
  [
    "a broken signature",
    { "x-hub-signature-256": "sha256=abc" },
    401,
    "The signature is not one of the secret",
  ],
  ["a form", { "content-type": "application/x-www-form-urlencoded" }, 415, "set the content type"],
  ["no GUID", { "x-github-delivery": "1" }, 400, "x-github-delivery is missing or no GUID"],
  ["no event's name", { "x-github-event": "../etc" }, 400, "x-github-event is missing"],
  ["a body said to be too large", { "content-length": "26214401" }, 413, "larger than 26214400 bytes"],
])(
  "%s is refused in one sentence, and the store is not touched",
  async (_what, headers, status, sentence) => {
    const { inbox, port } = await openIngress();
    const { sent, answer } = begin(port, { ...headersFor(BODY), ...headers });
    sent.write(BODY);
    if (!("content-length" in headers)) sent.end();
    const refused = await answer;
    expect(refused.status).toBe(status);
    expect(refused.text).toContain(sentence);
    expect(refused.text).toMatch(/^[^\n]+\.\n$/);
    if ("content-length" in headers) expect(refused.headers.connection).toBe("close");
    expect(inbox.stored).toEqual([]);
  },
);

test.each(["x-github-event", "x-github-delivery", "x-hub-signature-256", "content-type"])(
  "a request without %s is refused",
  async (name) => {
    const { inbox, port } = await openIngress();
    const headers = Object.fromEntries(Object.entries(headersFor(BODY)).filter(([key]) => key !== name));
    const { sent, answer } = begin(port, headers);
    sent.end(BODY);
    expect([400, 401, 415]).toContain((await answer).status);
    expect(inbox.stored).toEqual([]);
  },
);

test.each(["", "null", "[]", '"text"', "{", "not json"])(
  "a signed body of %j is no delivery",
  async (body) => {
    const { inbox, port } = await openIngress();
    expect(await post(port, body)).toMatchObject({ status: 400, text: "The body is no JSON object.\n" });
    expect(inbox.stored).toEqual([]);
  },
);

test("other methods are told which one is right", async () => {
  const { port } = await openIngress();
  const { sent, answer } = begin(port, {}, { method: "GET" });
  sent.end();
  expect(await answer).toMatchObject({ status: 405, headers: { allow: "POST" } });
});

test("other paths are not the ingress's, and Probot's own route is not open beside it", async () => {
  const { inbox, port } = await openIngress();
  for (const path of ["/api/github/webhooks/", "/", "/api/github"]) {
    const { sent, answer } = begin(port, headersFor(BODY), { path });
    sent.end(BODY);
    expect((await answer).status).toBe(404);
  }
  // The secret that Probot itself was given signs nothing here.
  expect((await post(port, BODY, { "x-hub-signature-256": sign(BODY, "development") })).status).toBe(401);
  expect(inbox.stored).toEqual([]);
});

test("a body that grows over the limit is cut off there", async () => {
  const { inbox, port } = await openIngress({ maxBodyBytes: 1_000 });
  const { sent, answer } = begin(port, headersFor(BODY));
  const dripping = drip(sent, Buffer.alloc(400, "x"));
  expect(await answer).toMatchObject({
    status: 413,
    text: "The body is larger than 1000 bytes.\n",
    headers: { connection: "close" },
  });
  dripping.stop();
  expect(inbox.stored).toEqual([]);
  expect((await post(port, BODY)).status).toBe(202);
});

test("a body that never ends is timed out, however steadily it drips", async () => {
  const { inbox, port } = await openIngress({ timeoutMs: 100 });
  const { sent, answer } = begin(port, headersFor(BODY));
  const dripping = drip(sent, Buffer.from(" "));
  expect(await answer).toMatchObject({ status: 408, text: "The body did not come to its end in time.\n" });
  dripping.stop();
  expect(inbox.stored).toEqual([]);
});

test("a sender that goes away in the middle leaves nothing behind", async () => {
  const { inbox, port } = await openIngress({ maxInFlight: 1 });
  const { sent } = begin(port, headersFor(BODY));
  sent.write(BODY);
  await waitFor(async () => expect((await post(port, BODY)).status).toBe(503));
  sent.destroy();
  await waitFor(async () => expect((await post(port, BODY)).status).toBe(202));
  expect(inbox.stored).toHaveLength(1);
});

test("past a number in flight, senders are asked to come back, and those in flight are not lost", async () => {
  const { inbox, port } = await openIngress({ maxInFlight: 2 });
  const release = inbox.stall();
  const first = [post(port, BODY), post(port, BODY)];
  await waitFor(() => expect(inbox.calls()).toBe(2));
  const refused = await post(port, BODY);
  expect(refused.status).toBe(503);
  expect(refused.headers["retry-after"]).toBe("5");
  release();
  const statuses = (await Promise.all(first)).map(({ status }) => status);
  expect(statuses).toEqual([202, 202]);
  expect(inbox.stored).toHaveLength(2);
});

test("a store that stalls holds no more than what there is room for, also after the senders were answered", async () => {
  const { inbox, port } = await openIngress({ maxInFlight: 2, timeoutMs: 50 });
  const release = inbox.stall();
  const late = await Promise.all([post(port, BODY), post(port, BODY)]);
  expect(late.map(({ text }) => text)).toEqual(
    Array(2).fill("The delivery was not stored in time: redeliver it.\n"),
  );
  expect((await post(port, BODY)).text).toBe("Too many deliveries are being stored at the moment.\n");
  release();
  await waitFor(async () => expect((await post(port, BODY)).status).toBe(202));
  expect(inbox.stored).toHaveLength(3);
});

test("past a number of bytes held, senders are asked to come back", async () => {
  const { inbox, port } = await openIngress({ maxBytesInFlight: 100 });
  const release = inbox.stall();
  const held = post(port, JSON.stringify({ text: "x".repeat(60) }));
  await waitFor(async () =>
    expect((await post(port, JSON.stringify({ text: "y".repeat(60) }))).status).toBe(503),
  );
  release();
  expect((await held).status).toBe(202);
  expect((await post(port, BODY)).status).toBe(202);
});

test("a store that stalls or fails is answered 503, so that GitHub shows the delivery as failed", async () => {
  const { inbox, port } = await openIngress({ timeoutMs: 50 });
  const release = inbox.stall();
  expect(await post(port, BODY)).toMatchObject({
    status: 503,
    text: "The delivery was not stored in time: redeliver it.\n",
    headers: { "retry-after": "30" },
  });
  release();
  inbox.store = () => Promise.reject(new StoreOverloaded());
  expect(await post(port, BODY)).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
  inbox.store = () => Promise.reject(new Error("disk full"));
  expect(await post(port, BODY)).toMatchObject({
    status: 503,
    text: "The delivery could not be stored: redeliver it.\n",
  });
});

/** Writes a chunk whenever there is room, until stopped. */
function drip(sent: ClientRequest, chunk: Buffer): { stop: () => void } {
  let stopped = false;
  void (async () => {
    while (!stopped && !sent.destroyed) {
      if (!sent.write(chunk)) await Promise.race([once(sent, "drain"), once(sent, "close")]);
      await new Promise((resolve) => setImmediate(resolve));
    }
  })().catch(() => undefined);
  sent.on("error", () => undefined);
  return {
    stop: () => {
      stopped = true;
      sent.destroy();
    },
  };
}
