import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { gitEnvironment } from "./git-environment.ts";

export type GitService = "git-upload-pack" | "git-receive-pack";

export interface BackendRequest {
  readonly gitDir: string;
  /** The path below the repository: `/info/refs`, `/git-upload-pack`, `/git-receive-pack`. */
  readonly path: string;
  readonly request: Request;
  /** Shown to hooks and in git's own log as the pusher. */
  readonly remoteUser?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Answers a git client through `git http-backend`, streaming both ways.
 * The promise settles when the headers are known; `finished` when the process has ended.
 */
export async function runHttpBackend(
  backend: BackendRequest,
): Promise<{ response: Response; finished: Promise<void> }> {
  const child = spawn("git", ["http-backend"], { env: backendEnvironment(backend), stdio: "pipe" });
  const finished = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const diagnostics: Buffer[] = [];
  // Git that cannot be started also closes its output, which is noticed below.
  child.on("error", (error) => diagnostics.push(Buffer.from(error.message)));
  child.stderr.on("data", (chunk: Buffer) => diagnostics.push(chunk));
  feed(child, backend.request);
  try {
    const { headers, rest } = await readHead(child.stdout);
    return { response: toResponse(headers, child, rest), finished };
  } catch (cause) {
    child.kill("SIGKILL");
    const text = Buffer.concat(diagnostics).toString("utf8").trim();
    throw new Error(`git http-backend gave no answer: ${text}`, { cause });
  }
}

function backendEnvironment({ gitDir, path, request, remoteUser, env }: BackendRequest) {
  const url = new URL(request.url);
  return gitEnvironment({
    GIT_PROJECT_ROOT: gitDir,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: path,
    REQUEST_METHOD: request.method,
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: request.headers.get("content-type") ?? "",
    GIT_PROTOCOL: request.headers.get("git-protocol") ?? "",
    REMOTE_ADDR: "127.0.0.1",
    ...(remoteUser === undefined ? {} : { REMOTE_USER: remoteUser }),
    ...env,
  });
}

function feed(child: ChildProcessWithoutNullStreams, request: Request): void {
  // The process may end before it has read everything; its answer says why.
  child.stdin.on("error", () => undefined);
  if (request.body === null) {
    child.stdin.end();
    return;
  }
  const body = Readable.fromWeb(request.body);
  body.on("error", () => child.stdin.destroy());
  if (request.headers.get("content-encoding") !== "gzip") {
    body.pipe(child.stdin);
    return;
  }
  const inflated = createGunzip();
  // A truncated or false gzip stream: git must see its input end, not wait for more.
  inflated.on("error", () => child.stdin.destroy());
  body.pipe(inflated).pipe(child.stdin);
}

/** Reads the CGI header block; what arrived behind it is the start of the body. */
async function readHead(stdout: Readable): Promise<{ headers: Headers; rest: Buffer }> {
  let seen = Buffer.alloc(0);
  for (;;) {
    const chunk = await nextChunk(stdout);
    if (chunk === undefined) throw new Error("The output ended before the headers did.");
    seen = Buffer.concat([seen, chunk]);
    const end = /\r?\n\r?\n/.exec(seen.toString("latin1"));
    if (end === null) continue;
    const headers = new Headers();
    for (const line of seen.toString("latin1", 0, end.index).split(/\r?\n/)) {
      const colon = line.indexOf(":");
      headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
    }
    return { headers, rest: seen.subarray(end.index + end[0].length) };
  }
}

function nextChunk(stream: Readable): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunk = stream.read() as Buffer | null;
    if (chunk !== null) return resolve(chunk);
    if (stream.readableEnded) return resolve(undefined);
    const settle = () => {
      stream.off("readable", settle).off("end", settle).off("error", reject);
      resolve(nextChunk(stream));
    };
    stream.once("readable", settle).once("end", settle).once("error", reject);
  });
}

function toResponse(headers: Headers, child: ChildProcessWithoutNullStreams, rest: Buffer): Response {
  const status = Number.parseInt(headers.get("status") ?? "200", 10);
  headers.delete("status");
  const { stdout } = child;
  const body = Readable.toWeb(Readable.from(joined(rest, stdout))) as ReadableStream<Uint8Array>;
  return new Response(body, { status, headers });
}

async function* joined(rest: Buffer, stdout: Readable): AsyncGenerator<Buffer> {
  if (rest.length > 0) yield rest;
  for await (const chunk of stdout) yield chunk as Buffer;
}
