import { createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** One request that came to Baton from outside, with Baton's answer, which has not been passed on yet. */
export type Call = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  readonly status: number;
};

/**
 * A stable address before a Baton that comes and goes, as a load balancer has. While nobody is behind it, connections
 * are cut.
 */
export type FrontDoor = { readonly url: string; readonly close: () => Promise<void> };

export async function openFrontDoor(options: {
  readonly target: () => string | null;
  /** Whether the caller gets the answer; otherwise the connection is cut before it. */
  readonly mayAnswer: (call: Call) => boolean;
}): Promise<FrontDoor> {
  const server = createServer((incoming, outgoing) => {
    const cut = () => incoming.socket.destroy();
    const target = options.target();
    if (target === null) {
      cut();
      return;
    }
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("error", cut);
    incoming.on("end", () => {
      const { method = "GET", url: path = "/", headers } = incoming;
      const body = Buffer.concat(chunks);
      const forwarded = request(`${target}${path}`, { method, headers, agent: false }, (answer) => {
        const { statusCode: status = 502 } = answer;
        answer.on("error", cut);
        if (!options.mayAnswer({ method, path, headers, body, status })) {
          cut();
          return;
        }
        outgoing.writeHead(status, answer.headers);
        answer.pipe(outgoing);
      });
      forwarded.on("error", cut);
      forwarded.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
