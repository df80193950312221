import { ProbotOctokit } from "probot";
import type { Clock } from "../../../ports/clock.ts";
import { createAnswerCache } from "./answer-cache.ts";
import { keepClients } from "./keep-clients.ts";
import { createLane } from "./lane.ts";
import { observeFetch } from "./observe-fetch.ts";
import type { SentRequest } from "./request-counter.ts";
import { type Channel, type Endpoint, sendRequest } from "./send-request.ts";

export type ClientSettings = {
  readonly clock: Clock;
  /** Requests on their way at once, per installation; GitHub allows 100, shared with other users of it. */
  readonly maxConcurrent: number;
  /** GitHub asks for a second between writes; 0 for one that does not count. */
  readonly writeIntervalMs: number;
  /** Longer than this nothing waits for its turn in place: the caller is told when to come back. */
  readonly maxWaitMs: number;
  /** For one answer with its body. */
  readonly timeoutMs: number;
  /** Pauses before a request that may be repeated is sent again after a 5xx or a torn line. */
  readonly retryDelaysMs: readonly number[];
  /** Text of answers kept for conditional requests, per installation. */
  readonly cachedCharacters: number;
  readonly observe: (request: SentRequest) => void;
  /** Ends the waits when the process stops. */
  readonly signal: AbortSignal;
};

const DEFAULT_CLIENT_SETTINGS = {
  maxConcurrent: 10,
  writeIntervalMs: 1_000,
  maxWaitMs: 15_000,
  timeoutMs: 20_000,
  retryDelaysMs: [250, 1_000],
  cachedCharacters: 8_000_000,
  observe: () => undefined,
  signal: new AbortController().signal,
} as const satisfies Omit<ClientSettings, "clock">;

/**
 * The Octokit class to give to Probot: every client that Probot makes of it for one installation, whether by
 * `probot.auth` or for an event, shares one lane, so that GitHub's limits are kept however many there are.
 */
export function rateAwareOctokit(
  given: Partial<ClientSettings> & Pick<ClientSettings, "clock">,
): typeof ProbotOctokit {
  const settings: ClientSettings = { ...DEFAULT_CLIENT_SETTINGS, ...given };
  const channels = new Map<number | null, Channel>();

  function channelOf(installationId: number | null): Channel {
    const known = channels.get(installationId);
    if (known !== undefined) return known;
    const channel = { lane: createLane(settings), cache: createAnswerCache(settings.cachedCharacters) };
    channels.set(installationId, channel);
    return channel;
  }

  const Octokit = ProbotOctokit.plugin((octokit, options) => {
    const installationId = installationOf(options);
    octokit.hook.wrap("request", (request, endpoint) => {
      const { url, headers } = octokit.request.endpoint.parse(endpoint);
      // Requests as the App itself have a budget of their own.
      const channel = channelOf(/^\/app(\/|$)/.test(endpoint.url) ? null : installationId);
      const address = `${url} ${String(headers.accept)}`;
      return sendRequest({ channel, settings, address }, request, endpoint as Endpoint);
    });
    return { auth: keepClients(octokit.auth) };
  });

  // Probot sets its own defaults on whatever class it is given, throttling included; those of the inner class are
  // merged last. Its throttle waits in place for as long as a limit lasts, and knows one write a second only.
  return Octokit.defaults((options: OctokitOptions) => ({
    ...options,
    throttle: { enabled: false },
    retry: { enabled: false },
    request: {
      ...options.request,
      fetch: observeFetch(options.request?.fetch, settings, installationOf(options)),
    },
  }));
}

type OctokitOptions = {
  readonly auth?: unknown;
  readonly request?: { readonly fetch?: typeof fetch };
};

function installationOf(options: { readonly auth?: unknown }): number | null {
  const { auth } = options;
  if (typeof auth !== "object" || auth === null || !("installationId" in auth)) return null;
  return typeof auth.installationId === "number" ? auth.installationId : null;
}
