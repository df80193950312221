import type { Timers } from "../timers.ts";
import type { AttemptClient } from "./attempt-client.ts";
import type { SessionLog } from "./session-log.ts";

/** After this many heartbeats in a row that did not get through, the log says so once. */
const QUIET_FAILURES = 2;

/** How often what is left is sent at the end, before the report, which says the same in short. */
const FINAL_TRIES = 3;

export type LeaseKeeper = {
  /** Ends the heartbeats, after what is left of the session has been sent or the server stayed away. */
  finish(): Promise<void>;
};

type Lease = {
  readonly client: Pick<AttemptClient, "heartbeat">;
  readonly token: string;
  readonly log: SessionLog;
  readonly intervalMs: number;
  readonly timers: Timers;
  readonly onCancel: (why: string) => void;
};

/**
 * Sends the session's events with each heartbeat until `finish`. A server that cannot be reached keeps nobody from
 * working: the events wait, and the next heartbeat is the next try. `onCancel` is called once, when the answer says
 * to stop or the server does not know the lease any more.
 */
export function keepLease(lease: Lease): LeaseKeeper {
  const finishing = new AbortController();
  const beating = beatUntil(finishing.signal, lease);
  return {
    async finish() {
      finishing.abort();
      await beating;
    },
  };
}

async function beatUntil(finishing: AbortSignal, lease: Lease): Promise<void> {
  const state = { failures: 0, cancelled: false };
  while (!finishing.aborted) {
    await beat(lease, state);
    await lease.timers.sleep(lease.intervalMs, finishing).catch(() => undefined);
  }
  for (let tried = 0; tried < FINAL_TRIES && !(await beat(lease, state)) && !state.cancelled;) {
    if (state.failures > 0) tried += 1;
  }
}

/** One heartbeat; whether the server now has all events that there were. */
async function beat(lease: Lease, state: { failures: number; cancelled: boolean }): Promise<boolean> {
  const { log } = lease;
  const events = log.pending();
  let stopFor: string | null = null;
  try {
    const answer = await lease.client.heartbeat(lease.token, { events: [...events] });
    if (!answer.ok) stopFor = answer.error.message;
    else if (answer.value.directive === "cancel") stopFor = answer.value.why ?? "The server asked to stop.";
  } catch (cause) {
    state.failures += 1;
    if (state.failures === QUIET_FAILURES) {
      const why = cause instanceof Error ? cause.message : String(cause);
      log.emit({ type: "notice", level: "warning", text: `${why} The work goes on meanwhile.` });
    }
    return false;
  }
  state.failures = 0;
  log.acknowledge(events.at(-1)?.sequence ?? 0);
  if (stopFor !== null && !state.cancelled) {
    state.cancelled = true;
    lease.onCancel(stopFor);
  }
  return log.pending().length === 0;
}
