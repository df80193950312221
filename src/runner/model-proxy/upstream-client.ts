import http, { type ClientRequest, type IncomingMessage } from "node:http";
import https from "node:https";
import { pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

type Question = {
  readonly method: string;
  /** Behind the upstream's address, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  readonly signal: AbortSignal;
};

export interface UpstreamClient {
  /** The answer as soon as its headers are there. Throws what the connection failed with. */
  ask(question: Question): Promise<IncomingMessage>;
  close(): void;
}

/** Vendors send signs of life more often than that, and answer within it. */
const MAX_SILENCE_MS = 15 * 60_000;

/** Asks one upstream. Only a proxy that the job's variables name is used, and none of their surprises otherwise. */
export function createUpstreamClient(
  baseUrl: URL,
  env: Readonly<Record<string, string | undefined>>,
): UpstreamClient {
  const { request, Agent } = baseUrl.protocol === "https:" ? https : http;
  const agent = new Agent({ keepAlive: true, proxyEnv: proxyOf(env) });
  const base = baseUrl.href.replace(/\/+$/, "");

  function askOnce(question: Question): Promise<IncomingMessage> {
    const { method, headers, body, signal } = question;
    return new Promise((resolve, reject) => {
      const length = body === null ? {} : { "content-length": String(body.length) };
      const asked = request(`${base}${question.path}`, {
        method,
        headers: { ...headers, ...length },
        agent,
        signal,
      });
      asked.once("response", resolve);
      asked.on("error", (cause) => {
        reject(isStale(asked, cause) ? new StaleConnection(cause.message, { cause }) : cause);
      });
      asked.setTimeout(MAX_SILENCE_MS, () => asked.destroy(new Error("it was silent for too long")));
      asked.end(body ?? undefined);
    });
  }

  return {
    async ask(question) {
      try {
        return await askOnce(question);
      } catch (cause) {
        if (cause instanceof StaleConnection && !question.signal.aborted) return askOnce(question);
        throw cause;
      }
    },
    close: () => {
      agent.destroy();
    },
  };
}

/** The upstream had closed an idle connection while we took it for a request, which it has not seen. */
class StaleConnection extends Error {}

function isStale(request: ClientRequest, cause: Error): boolean {
  return request.reusedSocket && "code" in cause && cause.code === "ECONNRESET";
}

function proxyOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase()]);
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

/** The answer's bytes as they were before an upstream compressed them, which it was asked not to do. */
export function decodedBody(answer: IncomingMessage): Readable {
  const decoder = decoderOf(answer.headers["content-encoding"] ?? "identity");
  if (decoder === null) return answer;
  // Whoever reads the decoder is told what went wrong.
  return pipeline(answer, decoder, () => undefined);
}

function decoderOf(encoding: string) {
  switch (encoding.toLowerCase()) {
    case "gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return null;
  }
}
