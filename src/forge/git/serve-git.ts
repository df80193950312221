import { runHttpBackend, type GitService } from "./http-backend.ts";
import type { PushDesk, PushReceiver } from "./push-desk.ts";

/** What a git client wants, as its request says. */
export interface GitVisit {
  readonly owner: string;
  /** Without `.git`. */
  readonly name: string;
  readonly service: GitService;
  readonly authorization: string | undefined;
}

export type GitAdmission =
  | {
      readonly kind: "admitted";
      readonly gitDir: string;
      readonly login: string | undefined;
      /** Decides on what is pushed. */
      readonly receive: PushReceiver;
    }
  /** Git shows the text to its user as lines that start with `remote:`. */
  | { readonly kind: "refused"; readonly status: 401 | 403 | 404; readonly text: string };

export interface GitHost {
  readonly desk: PushDesk;
  readonly admit: (visit: GitVisit) => GitAdmission;
}

const PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/info\/refs|\/git-upload-pack|\/git-receive-pack)$/;

/** Whether a request is a git client's: the same addresses without these endings are web pages. */
export function isGitRequest(pathname: string): boolean {
  return PATH.test(pathname);
}

/**
 * Answers the "smart" HTTP protocol. The older "dumb" one is refused, as GitHub does.
 * @returns `undefined` when the address is none of git's
 */
export async function serveGit(host: GitHost, request: Request): Promise<Response | undefined> {
  const url = new URL(request.url);
  const [, owner, name, path] = PATH.exec(url.pathname) ?? [];
  if (owner === undefined || name === undefined || path === undefined) return undefined;
  const service = path === "/info/refs" ? url.searchParams.get("service") : path.slice(1);
  if (service !== "git-upload-pack" && service !== "git-receive-pack") {
    return textResponse(403, "Please upgrade your git client.\n");
  }
  const authorization = request.headers.get("authorization") ?? undefined;
  const [decodedOwner, decodedName] = [decodeURIComponent(owner), decodeURIComponent(name)];
  const admission = host.admit({ owner: decodedOwner, name: decodedName, service, authorization });
  if (admission.kind === "refused") return textResponse(admission.status, `${admission.text}\n`);
  return runService(host, { admission, path, request });
}

interface Service {
  readonly admission: Extract<GitAdmission, { kind: "admitted" }>;
  readonly path: string;
  readonly request: Request;
}

async function runService(host: GitHost, { admission, path, request }: Service): Promise<Response> {
  const { env, release } = host.desk.open(admission.receive);
  const remoteUser = admission.login === undefined ? {} : { remoteUser: admission.login };
  try {
    const backend = { gitDir: admission.gitDir, path, request, env, ...remoteUser };
    const { response, finished } = await runHttpBackend(backend);
    void finished.then(release);
    return response;
  } catch (error) {
    release();
    throw error;
  }
}

function textResponse(status: number, text: string): Response {
  const headers = new Headers({ "content-type": "text/plain; charset=utf-8" });
  if (status === 401) headers.set("www-authenticate", 'Basic realm="GitHub"');
  return new Response(text, { status, headers });
}
