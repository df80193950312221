import { lookup } from "node:dns/promises";
import { createServer } from "node:http";
import { BlockList, connect, isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** A host that a session may reach, and the port there. */
export type Destination = { readonly host: string; readonly port: number };

/** `name` or `name:port`, without a port 443; null for anything else, such as an address. */
export function parseDestination(text: string): Destination | null {
  const [, host, port] = /^([a-z0-9._-]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (host === undefined || isIP(host) !== 0) return null;
  const number = port === undefined ? 443 : Number(port);
  if (number < 1 || number > 65_535) return null;
  return { host: host.replace(/\.$/, "").toLowerCase(), port: number };
}

/**
 * Addresses that no name may lead to, whoever answers for it: this machine's own services, and the cloud's, which hand
 * out the machine's credentials.
 */
const NEVER = new BlockList();
NEVER.addSubnet("0.0.0.0", 8);
NEVER.addSubnet("127.0.0.0", 8);
NEVER.addSubnet("169.254.0.0", 16);
NEVER.addAddress("::", "ipv6");
NEVER.addAddress("::1", "ipv6");
NEVER.addSubnet("fe80::", 10, "ipv6");
NEVER.addAddress("fd00:ec2::254", "ipv6");

/** The first address of a name that a session may be brought to; null where there is none. */
export async function findAddress(host: string): Promise<string | null> {
  const found = await lookup(host, { all: true }).catch(() => []);
  const allowed = found.find(({ address, family }) => !NEVER.check(address, family === 6 ? "ipv6" : "ipv4"));
  return allowed?.address ?? null;
}

export type ConnectProxy = { readonly stop: () => Promise<void> };

/**
 * Carries a session's connections out: HTTP's CONNECT to the destinations named, and nothing else. It listens on a
 * Unix socket, and looks names up itself, so that a session needs no resolver.
 */
export async function startConnectProxy(
  socketPath: string,
  options: {
    readonly destinations: readonly Destination[];
    /** Told of each destination that was refused, with a sentence for a person, once. */
    readonly onRefused: (sentence: string) => void;
    /** Looks names up, as `findAddress` does. */
    readonly resolve?: typeof findAddress;
  },
): Promise<ConnectProxy> {
  const told = new Set<string>();
  const open = new Set<Duplex>();

  function refuse(client: Duplex, status: string, sentence: string): void {
    if (told.size < MAX_TOLD && !told.has(sentence)) {
      told.add(sentence);
      options.onRefused(sentence);
    }
    client.end(`HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${sentence}\n`);
  }

  async function carry(client: Duplex, head: Buffer, authority: string): Promise<void> {
    const wanted = parseDestination(authority);
    const shown = authority.slice(0, 200);
    if (wanted === null || !options.destinations.some((each) => isSame(each, wanted))) {
      refuse(
        client,
        "403 Forbidden",
        `The session asked for ${shown}, which the policy's sandbox.hosts does not name.`,
      );
      return;
    }
    const address = await (options.resolve ?? findAddress)(wanted.host);
    if (address === null) {
      refuse(
        client,
        "502 Bad Gateway",
        `The host ${shown} was not found, or is this machine or its cloud's own service.`,
      );
      return;
    }
    const server = connect({ host: address, port: wanted.port });
    track(server);
    server.once("connect", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      server.write(head);
      client.pipe(server).pipe(client);
    });
    server.once("error", () => {
      if (!server.connecting && server.bytesRead > 0) client.destroy();
      else client.end("HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n");
    });
    client.once("close", () => server.destroy());
  }

  function track(stream: Duplex): void {
    open.add(stream);
    stream.on("error", () => undefined);
    stream.once("close", () => open.delete(stream));
  }

  const proxy = createServer((request, response) => {
    response.writeHead(405, { "content-type": "text/plain", connection: "close" });
    response.end(`Only https is carried out of the sandbox, not ${request.method ?? ""} over http.\n`);
  });
  proxy.on("connection", (socket: Socket) => {
    track(socket);
  });
  proxy.on("connect", (request, client: Duplex, head: Buffer) => {
    void carry(client, head, request.url ?? "");
  });
  await new Promise<void>((resolve, reject) => {
    proxy.once("error", reject);
    proxy.listen(socketPath, resolve);
  });
  return {
    stop: async () => {
      const closed = new Promise((resolve) => proxy.close(resolve));
      for (const stream of open) stream.destroy();
      await closed;
    },
  };
}

/** A program that tries them all fills no log. */
const MAX_TOLD = 20;

function isSame(one: Destination, other: Destination): boolean {
  return one.host === other.host && one.port === other.port;
}
