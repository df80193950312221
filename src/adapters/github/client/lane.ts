import type { Clock } from "../../../ports/clock.ts";
import { GitHubUnavailable } from "../../../ports/github-unavailable.ts";
import type { Limit } from "./rate-limit.ts";

export type LaneSettings = {
  readonly clock: Clock;
  /** Requests on their way at once; GitHub allows 100, shared with whatever else uses the installation. */
  readonly maxConcurrent: number;
  /** The least time from the start of one write to the start of the next. */
  readonly writeIntervalMs: number;
  /** A request that would have to wait longer for its turn is refused with the time at which it can be tried. */
  readonly maxWaitMs: number;
  /** Ends the waits when the process stops. */
  readonly signal: AbortSignal;
};

/** The way of one installation to GitHub: all its requests pass here, whoever sends them. */
export type Lane = {
  /** Waits for a turn and runs `send` in it. Throws `GitHubUnavailable` while a limit holds. */
  run<Answer>(
    request: { readonly resource: string; readonly write: boolean },
    send: () => Promise<Answer>,
  ): Promise<Answer>;
  /** No further request of the resource is sent before the limit ends. */
  close(limit: Limit): void;
};

const ALL_RESOURCES = "*";

export function createLane(settings: LaneSettings): Lane {
  const { clock, signal } = settings;
  const closedUntil = new Map<string, Date>();
  const waiting: (() => void)[] = [];
  let running = 0;
  let nextWriteAtMs = 0;

  function refuseWhileClosed(resource: string): void {
    for (const key of [ALL_RESOURCES, resource]) {
      const until = closedUntil.get(key);
      if (until === undefined) continue;
      if (until > clock.now()) throw limited(until);
      closedUntil.delete(key);
    }
  }

  async function waitForWrite(): Promise<void> {
    const nowMs = clock.now().getTime();
    const atMs = Math.max(nowMs, nextWriteAtMs);
    if (atMs - nowMs > settings.maxWaitMs) {
      throw new GitHubUnavailable("Too many writes wait for their turn.", { retryAt: new Date(atMs) });
    }
    nextWriteAtMs = atMs + settings.writeIntervalMs;
    if (atMs > nowMs) await clock.waitUntil(new Date(atMs), signal);
  }

  async function takePlace(): Promise<void> {
    if (running < settings.maxConcurrent) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  }

  /** A place that someone waits for is handed on, so the count stays the same. */
  function leavePlace(): void {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }

  return {
    async run({ resource, write }, send) {
      refuseWhileClosed(resource);
      if (write) await waitForWrite();
      await takePlace();
      try {
        // What went before may have met the limit while this one waited.
        refuseWhileClosed(resource);
        return await send();
      } finally {
        leavePlace();
      }
    },

    close({ resource, until }) {
      const key = resource ?? ALL_RESOURCES;
      const before = closedUntil.get(key);
      if (before === undefined || before < until) closedUntil.set(key, until);
    },
  };
}

export function limited(until: Date, cause?: unknown): GitHubUnavailable {
  return new GitHubUnavailable(`GitHub's rate limit is used up until ${until.toISOString()}.`, {
    cause,
    retryAt: until,
  });
}
