import { Probot, Server } from "probot";
import { onTestFinished } from "vitest";
import { systemClock } from "../../../src/adapters/system/system-clock.ts";
import { boundHeads } from "../../../src/surfaces/webhook/bound-heads.ts";
import { createIngress, type IngressOptions } from "../../../src/surfaces/webhook/create-ingress.ts";
import { IngressProbot } from "../../../src/surfaces/webhook/ingress-probot.ts";
import { memoryInbox, type MemoryInbox } from "./memory-inbox.ts";

export const SECRET = "s3cret";

/** Probot's server with the ingress on it, before an inbox that is only memory. */
export async function openIngress(
  options: Partial<IngressOptions> = {},
  headTimeoutMs?: number,
): Promise<{ readonly inbox: MemoryInbox; readonly port: number }> {
  const inbox = memoryInbox();
  const stopping = new AbortController();
  const { signal } = stopping;
  // The server writes about requests with pino itself: nothing that only looks like it will do.
  const { log } = await new Probot({ githubToken: "x", logLevel: "fatal" }).ready();
  const server = new Server({
    Probot: IngressProbot.defaults({ githubToken: "x", secret: "development" }),
    log,
    host: "127.0.0.1",
    // Probot takes 0 for "not given".
    port: "0" as unknown as number,
  });
  await server.load((_probot, { addHandler }) => {
    addHandler(createIngress({ inbox, secrets: [SECRET], clock: systemClock, log, signal, ...options }));
  });
  const http = await server.start();
  boundHeads(http, { clock: systemClock, signal, ...(headTimeoutMs && { timeoutMs: headTimeoutMs }) });
  // After a minute or more the server would close them by itself, and a test could not tell.
  http.headersTimeout = http.requestTimeout = 0;
  onTestFinished(async () => {
    stopping.abort();
    http.closeAllConnections();
    await server.stop();
  });
  return { inbox, port: server.port };
}
