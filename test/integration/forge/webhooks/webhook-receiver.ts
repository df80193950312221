import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, onTestFinished } from "vitest";

import { waitFor } from "../../../support/wait-for.ts";

interface ReceivedWebhook {
  id: string;
  event: string;
  action: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
  payload: Record<string, unknown>;
}

export interface WebhookReceiver {
  url: string;
  received: ReceivedWebhook[];
  /** `issues.opened`, `push`, … in the order of arrival. */
  names: () => string[];
  /** Resolves with the first webhook of this name, once it is there. */
  arrival: (name: string) => Promise<ReceivedWebhook>;
  /** What the next requests are answered with; 202 unless told otherwise. */
  answer: (status: number) => void;
  /** Keeps requests unanswered until released. */
  hold: () => () => void;
  close: () => Promise<void>;
}

/** A server that takes webhooks, as an App's would. */
export async function openReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  let status = 202;
  let gate: Promise<void> = Promise.resolve();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push(readWebhook(request.headers, Buffer.concat(chunks).toString("utf8")));
      void gate.then(() => response.writeHead(status).end(`answered ${status}`));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  const nameOf = (webhook: ReceivedWebhook): string =>
    webhook.action === undefined ? webhook.event : `${webhook.event}.${webhook.action}`;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    names: () => received.map(nameOf),
    arrival: (name) =>
      waitFor(() => {
        const webhook = received.find((each) => nameOf(each) === name);
        expect(webhook, `${name} among ${received.map(nameOf).join(", ")}`).toBeDefined();
        return webhook as ReceivedWebhook;
      }),
    answer: (next) => {
      status = next;
    },
    hold: () => {
      let release = (): void => {};
      gate = new Promise((resolve) => {
        release = resolve;
      });
      return () => release();
    },
    close,
  };
}

function readWebhook(headers: IncomingHttpHeaders, body: string): ReceivedWebhook {
  const json = body.startsWith("payload=") ? decodeURIComponent(body.slice("payload=".length)) : body;
  const payload = JSON.parse(json) as Record<string, unknown>;
  const action = payload["action"];
  return {
    id: String(headers["x-github-delivery"]),
    event: String(headers["x-github-event"]),
    action: typeof action === "string" ? action : undefined,
    headers,
    body,
    payload,
  };
}
