import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { waitFor } from "../../support/wait-for.ts";
import { openIngress, SECRET } from "./ingress-server.ts";

const BODY = JSON.stringify({ action: "labeled" });

function headOf(): string {
  return [
    "POST /api/github/webhooks HTTP/1.1",
    "host: baton",
    "content-type: application/json",
    `content-length: ${BODY.length}`,
    "x-github-event: issues",
    `x-github-delivery: ${randomUUID()}`,
    `x-hub-signature-256: sha256=${createHmac("sha256", SECRET).update(BODY).digest("hex")}`,
    "\r\n",
  ].join("\r\n");
}

/** A sender that says byte for byte what the test has it say. */
async function openSender(port: number) {
  const socket: Socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  const sender = { heard: "", isClosed: false };
  socket
    .setEncoding("latin1")
    .on("data", (text: string) => (sender.heard += text))
    .on("close", () => (sender.isClosed = true))
    .on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  return Object.assign(sender, {
    say: (text: string) => socket.write(text),
    /** One more byte of a header at each look, for as long as that is taken. */
    dripUntilClosed: () =>
      waitFor(() => {
        if (!socket.destroyed) socket.write("x");
        expect(sender.isClosed).toBe(true);
      }),
  });
}

const HEAD_TIMEOUT_MS = 300;
/** Where a head has to come in time, on a machine that is busy with other things as well. */
const LENIENT_MS = 2_000;

test("a head that drips is answered 408 and its connection closed, and nothing of it is stored", async () => {
  const { inbox, port } = await openIngress({}, HEAD_TIMEOUT_MS);
  const sender = await openSender(port);
  sender.say("POST /api/github/webhooks HTTP/1.1\r\nhost: baton\r\nx-slow: ");
  await sender.dripUntilClosed();
  expect(sender.heard).toMatch(/^HTTP\/1\.1 408 /);
  expect(inbox.calls()).toBe(0);
});

test("a connection that says nothing at all is closed", async () => {
  const { port } = await openIngress({}, HEAD_TIMEOUT_MS);
  const sender = await openSender(port);
  await waitFor(() => expect(sender.isClosed).toBe(true));
});

test("the next head on a connection has no more time than the first", async () => {
  const { inbox, port } = await openIngress({}, LENIENT_MS);
  const sender = await openSender(port);
  sender.say(headOf() + BODY);
  await waitFor(() => expect(sender.heard).toMatch(/^HTTP\/1\.1 202 /));
  sender.say("POST /api/github/webhooks HTTP/1.1\r\nx-slow: ");
  await sender.dripUntilClosed();
  expect(sender.heard).toMatch(/HTTP\/1\.1 408 /);
  expect(inbox.stored).toHaveLength(1);
});

test("a request whose head came in time may take longer until its answer", async () => {
  const { inbox, port } = await openIngress({}, LENIENT_MS);
  const release = inbox.stall();
  const sender = await openSender(port);
  sender.say(headOf() + BODY);
  await waitFor(() => expect(inbox.calls()).toBe(1));
  // Whoever connects later is closed first, were it for the time alone.
  const other = await openSender(port);
  await waitFor(() => expect(other.isClosed).toBe(true));
  release();
  await waitFor(() => expect(sender.heard).toMatch(/^HTTP\/1\.1 202 /));
});

test("a body that drips behind a head in time is answered 408, and its connection is closed", async () => {
  const { inbox, port } = await openIngress({ timeoutMs: 300 }, LENIENT_MS);
  const sender = await openSender(port);
  sender.say(headOf() + BODY.slice(0, 1));
  await waitFor(() => expect(sender.heard).toMatch(/^HTTP\/1\.1 408 /));
  await waitFor(() => expect(sender.isClosed).toBe(true));
  expect(inbox.calls()).toBe(0);
});
