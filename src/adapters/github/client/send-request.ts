import { GitHubUnavailable } from "../../../ports/github-unavailable.ts";
import type { AnswerCache, CachedAnswer } from "./answer-cache.ts";
import { type Lane, limited } from "./lane.ts";
import { isGraphqlLimit, limitInHeaders, limitInRefusal } from "./rate-limit.ts";
import type { ClientSettings } from "./rate-aware-octokit.ts";
import { answered, isRequestFailure, type ResponseHeaders } from "./request-failure.ts";

/** What all requests of one installation share. */
export type Channel = { readonly lane: Lane; readonly cache: AnswerCache };

/**
 * Octokit's request options, as far as they matter here. Hooks must set what they change on the object itself: inner
 * hooks are bound to it, and see no other that is handed on.
 */
export type Endpoint = {
  readonly method: string;
  readonly url: string;
  readonly query?: unknown;
  headers: { readonly [name: string]: string | number | undefined };
  request?: { readonly parseSuccessResponseBody?: boolean; readonly signal?: AbortSignal };
};

type Answer = { status: number; url: string; headers: ResponseHeaders; data: unknown };

type Way = {
  readonly channel: Channel;
  readonly settings: ClientSettings;
  /** Full URL and media type: what a cached answer is an answer to. */
  readonly address: string;
};

/** Methods that may be sent twice: the second time changes nothing. A POST may have been carried out unheard. */
const REPEATABLE: ReadonlySet<string> = new Set(["GET", "HEAD", "PUT", "PATCH", "DELETE"]);

/**
 * Sends one request through the installation's lane. Throws `GitHubUnavailable` for limits, 5xx and torn lines (these
 * two after short retries, where the request may be repeated); all else is Octokit's own to answer or throw.
 */
export async function sendRequest<Sent>(
  way: Way,
  request: (endpoint: never) => unknown,
  endpoint: Endpoint,
): Promise<Sent> {
  const { lane } = way.channel;
  const resource = resourceOf(endpoint);
  const answer = await lane.run({ resource, write: isWrite(endpoint) }, () =>
    sendUntilAnswered(way, request as (endpoint: unknown) => Promise<Answer>, endpoint),
  );
  const spent = limitInHeaders(answer.headers, way.settings.clock.now());
  if (spent !== null) lane.close(spent);
  if (isGraphqlLimit(answer.data)) {
    const until = spent?.until ?? new Date(way.settings.clock.now().getTime() + 60_000);
    lane.close({ resource, until });
    throw limited(until);
  }
  return answer as Sent;
}

async function sendUntilAnswered(
  way: Way,
  request: (endpoint: unknown) => Promise<Answer>,
  endpoint: Endpoint,
): Promise<Answer> {
  const { clock, retryDelaysMs, signal, timeoutMs } = way.settings;
  for (let failures = 0; ; failures += 1) {
    const startedMs = clock.now().getTime();
    try {
      return await sendConditionally(way, request, endpoint);
    } catch (error) {
      const delayMs = retryDelaysMs[failures];
      const timedOut = clock.now().getTime() - startedMs >= timeoutMs;
      const repeatable = REPEATABLE.has(endpoint.method) && isOutage(error) && !timedOut;
      if (!repeatable || delayMs === undefined) throw translate(way, endpoint, error);
      await clock.waitUntil(new Date(clock.now().getTime() + delayMs), signal);
    }
  }
}

async function sendConditionally(
  { channel, settings, address }: Way,
  request: (endpoint: unknown) => Promise<Answer>,
  endpoint: Endpoint,
): Promise<Answer> {
  const cacheable = endpoint.method === "GET" && endpoint.request?.parseSuccessResponseBody !== false;
  const cached = cacheable ? channel.cache.get(address) : undefined;
  if (cached !== undefined) endpoint.headers = { ...endpoint.headers, "if-none-match": cached.etag };
  endpoint.request = { ...endpoint.request, signal: AbortSignal.timeout(settings.timeoutMs) };
  try {
    const answer = await request(endpoint);
    if (isTorn(answer)) throw new GitHubUnavailable("GitHub's answer broke off.");
    if (cacheable) remember(channel.cache, address, answer);
    return answer;
  } catch (error) {
    if (cached === undefined || !answered(error, 304)) throw error;
    return answerFrom(cached, address, error.response?.headers ?? {});
  }
}

function remember(cache: AnswerCache, address: string, { headers, data }: Answer): void {
  const { etag, link } = headers;
  if (typeof etag !== "string" || typeof data !== "object" || data instanceof ArrayBuffer) return;
  const json = toJson(data);
  if (json !== null) cache.set(address, { etag, link: link === undefined ? undefined : String(link), json });
}

/** null for the rare answer with a number too large to be exact, which Octokit gives as a BigInt and JSON cannot. */
function toJson(data: unknown): string | null {
  try {
    return JSON.stringify(data);
  } catch {
    return null;
  }
}

/** Parsed anew for every caller: Octokit's pagination changes the answers that it goes through. */
function answerFrom({ link, json }: CachedAnswer, address: string, headers: ResponseHeaders): Answer {
  return {
    status: 200,
    url: address.split(" ")[0] ?? "",
    headers: { ...headers, ...(link !== undefined && { link }) },
    data: JSON.parse(json) as unknown,
  };
}

/** Octokit gives a JSON body that could not be read to its end, or not parsed, as text without an error. */
function isTorn({ headers, data }: Answer): boolean {
  return (
    typeof data === "string" && /^application\/(scim\+)?json\b/.test(String(headers["content-type"] ?? ""))
  );
}

function isOutage(error: unknown): boolean {
  if (error instanceof GitHubUnavailable) return true;
  if (!isRequestFailure(error)) return false;
  // 501 says that the server does not know such a request, which it will not learn by waiting.
  return error.response === undefined || (error.status >= 500 && error.status !== 501);
}

function translate({ channel, settings }: Way, { method, url }: Endpoint, error: unknown): unknown {
  if (!isRequestFailure(error)) return error;
  const limit = limitInRefusal(error, settings.clock.now());
  if (limit !== null) {
    channel.lane.close(limit);
    return limited(limit.until, error);
  }
  if (!isOutage(error)) return error;
  const what = error.response === undefined ? "did not answer" : `answered ${error.status} to`;
  return new GitHubUnavailable(`GitHub ${what} ${method} ${url}.`, { cause: error });
}

function isWrite({ method, url, query }: Endpoint): boolean {
  if (isGraphql(url)) return typeof query === "string" && /^\s*mutation\b/.test(query);
  // A token is no content: GitHub does not count it among the writes.
  return method !== "GET" && method !== "HEAD" && !url.endsWith("/access_tokens");
}

function resourceOf({ url }: Endpoint): string {
  return isGraphql(url) ? "graphql" : "core";
}

/** On a GitHub with a base URL of its own, Octokit writes the whole address. */
function isGraphql(url: string): boolean {
  return url.endsWith("/graphql");
}
