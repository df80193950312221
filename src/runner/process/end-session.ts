import { setTimeout as sleep } from "node:timers/promises";
import type { Timers } from "../timers.ts";
import { findSessionProcesses } from "./find-processes.ts";

/** How long a program has after each signal before the next, harder one. */
export type Grace = { readonly interruptMs: number; readonly terminateMs: number };

/** An agent that is interrupted prints its result and its usage; one that is terminated loses both. */
export const DEFAULT_GRACE: Grace = { interruptMs: 5_000, terminateMs: 5_000 };

/** The runner kills a cancelled job's step about ten seconds after its first signal, and the report must be out by then. */
export const CANCELLED_RUN_GRACE: Grace = { interruptMs: 2_000, terminateMs: 1_000 };

/** How signals reach a program and all that it started. None of these throws. */
export type Reach = {
  /** The program and those that it started in its own group: what a terminal's Ctrl-C does. */
  readonly interrupt: () => Promise<void>;
  /** All of them. */
  readonly terminate: () => Promise<void>;
  /** All of them; afterwards none is left. */
  readonly kill: () => Promise<void>;
};

/** SIGINT to the program's group, SIGTERM to all its processes, SIGKILL to what is left of them. */
export async function endSession(
  reach: Reach,
  exited: Promise<unknown>,
  { grace, timers }: { readonly grace: Grace; readonly timers: Timers },
): Promise<void> {
  await reach.interrupt();
  if (await endsWithin(exited, grace.interruptMs, timers)) return;
  await reach.terminate();
  if (await endsWithin(exited, grace.terminateMs, timers)) return;
  await reach.kill();
}

type Leader = {
  readonly pid: number;
  readonly mark: string;
  /** It takes in what loses its parent, and ends by itself when there is nothing left to take in. */
  readonly isReaper: boolean;
};

/** Reaches a program that shares the machine's processes: by its group, by descent and by its mark. */
export function reachByMark(leader: Leader): Reach {
  const { pid, mark } = leader;
  return {
    interrupt: async () => {
      signalProcess(-pid, "SIGINT");
    },
    terminate: async () => {
      for (const found of await findSessionProcesses(pid, mark)) signalProcess(found, "SIGTERM");
      signalProcess(-pid, "SIGTERM");
    },
    kill: async () => {
      if (leader.isReaper) await killBelow(leader);
      await killSession(pid, mark);
    },
  };
}

/** A process that forks while its siblings are killed is found in the next round. */
const KILL_ROUNDS = 50;
const ROUND_MS = 10;

async function killSession(leader: number, mark: string): Promise<void> {
  for (let round = 0; round < KILL_ROUNDS; round++) {
    signalProcess(-leader, "SIGKILL");
    const alive = await findSessionProcesses(leader, mark);
    if (alive.length === 0) return;
    for (const pid of alive) signalProcess(pid, "SIGKILL");
  }
}

/** Kills all but the reaper, so that what is left comes to it, until it has ended. One that is held up has its time. */
async function killBelow({ pid, mark }: Leader): Promise<void> {
  for (let round = 0; round < KILL_ROUNDS; round++) {
    const alive = await findSessionProcesses(pid, mark);
    if (alive.length === 0) return;
    for (const found of alive) if (found !== pid) signalProcess(found, "SIGKILL");
    if (alive.length === 1) await sleep(ROUND_MS);
  }
}

async function endsWithin(exited: Promise<unknown>, ms: number, timers: Timers): Promise<boolean> {
  const waiting = new AbortController();
  const settled = exited.then(
    () => true,
    () => true,
  );
  const late = timers.sleep(ms, waiting.signal).then(
    () => false,
    () => false,
  );
  const ended = await Promise.race([settled, late]);
  waiting.abort();
  return ended;
}

export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already, or belongs to somebody else.
  }
}
