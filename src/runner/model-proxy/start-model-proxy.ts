import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createBodyRoom } from "./body-room.ts";
import { handleRequest, type ModelLimits, type Proxying } from "./handle-request.ts";
import type { ModelUpstream } from "./model-upstream.ts";
import { WIRE_PROTOCOLS } from "./protocols/wire-protocols.ts";
import { MAX_REQUEST_BYTES } from "./request-body.ts";
import { createSpending } from "./spending.ts";
import { createUpstreamClient } from "./upstream-client.ts";
import { createUsageMeter, type WireUsage } from "./usage-meter.ts";

export type ModelProxyOptions = {
  readonly upstream: ModelUpstream;
  readonly limits: ModelLimits;
  /** Where to listen besides, for a session that has a network of its own; at most 107 bytes long. */
  readonly socketPath: string | null;
  /** The job's variables, of which only those that name a proxy are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The budget is used up: told once, when the first request is refused for it. */
  readonly onLimit: (sentence: string) => void;
  /** Another request was refused here, or got less than it asked for: each sentence is told once. */
  readonly onNotice: (sentence: string) => void;
};

export interface ModelProxy {
  /** `http://127.0.0.1:<port>`; paths may begin with the vendor's `/v1` there or not. */
  readonly baseUrl: string;
  readonly port: number;
  /** The attempt's own key. It works here alone, and only until `stop`. */
  readonly key: string;
  usage(): WireUsage;
  /** Ends all that is under way, and resolves once it is counted. */
  stop(): Promise<void>;
}

/** More than any agent asks at once: whoever opens connections in a loop must not fill the job's memory. */
const MAX_CONNECTIONS = 64;

/** What the bodies of all requests under way may take together. */
const MAX_HELD_BYTES = 4 * MAX_REQUEST_BYTES;

/** An agent may make up new sentences without end. */
const MAX_TOLD_NOTICES = 20;

/**
 * Stands between an agent's program and its model for one attempt: it holds the real key, keeps to the attempt's models
 * and budget, and counts what is used. It listens on the loopback interface only.
 */
export async function startModelProxy(options: ModelProxyOptions): Promise<ModelProxy> {
  const { upstream, limits } = options;
  const stopping = new AbortController();
  const meter = createUsageMeter();
  const client = createUpstreamClient(upstream.baseUrl, options.env);
  const spending = createSpending({
    budgetMicroUsd: limits.budgetMicroUsd,
    spent: () => meter.spentMicroUsd(),
  });
  const key = `baton-attempt-${randomBytes(24).toString("base64url")}`;
  const proxying: Proxying = {
    protocol: WIRE_PROTOCOLS[upstream.protocol],
    upstream,
    client,
    attemptKey: key,
    limits,
    meter,
    spending,
    room: createBodyRoom(MAX_HELD_BYTES),
    stopped: stopping.signal,
    onLimit: tellOnce(options.onLimit, 1),
    onNotice: tellOnce(options.onNotice, MAX_TOLD_NOTICES),
  };
  const open = new Set<Promise<void>>();

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const handled = handleRequest(proxying, request, response).catch(() => {
      // The agent's program hung up in the middle of its request.
      response.destroy();
    });
    open.add(handled);
    void handled.finally(() => open.delete(handled));
  }

  const tcp = createServer(handle);
  const servers = [tcp];
  await listen(tcp, { host: "127.0.0.1", port: 0 });
  if (options.socketPath !== null) {
    const local = createServer(handle);
    servers.push(local);
    await listen(local, { path: options.socketPath });
  }
  const { port } = tcp.address() as AddressInfo;

  async function stop(): Promise<void> {
    spending.close();
    stopping.abort();
    const closed = servers.filter((server) => server.listening).map((server) => close(server));
    await Promise.all([...closed, ...open]);
    client.close();
  }

  return { baseUrl: `http://127.0.0.1:${port}`, port, key, usage: () => meter.total(), stop };
}

async function listen(
  server: Server,
  place: { host: string; port: number } | { path: string },
): Promise<void> {
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(place);
  await once(server, "listening");
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

function tellOnce(tell: (sentence: string) => void, most: number): (sentence: string) => void {
  const told = new Set<string>();
  return (sentence) => {
    if (told.has(sentence) || told.size >= most) return;
    told.add(sentence);
    tell(sentence);
  };
}
