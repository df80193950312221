import { readFile } from "node:fs/promises";
import { listProcesses, selectFamily } from "../process/find-processes.ts";
import type { Timers } from "../timers.ts";
import { measureDisk, readFreeBytes } from "./measure-disk.ts";
import type { SessionLimits } from "./session-limits.ts";

export type LimitWatch = {
  readonly addOutput: (bytes: number) => void;
  /** The program has ended. Resolves when nothing is looked at any more. */
  readonly end: () => Promise<void>;
};

type Watched = {
  readonly limits: SessionLimits;
  /** What counts as the session's disk. */
  readonly folders: readonly [string, ...string[]];
  readonly timers: Timers;
  /** Called once, with a sentence that names the limit. */
  readonly onPassed: (why: string) => void;
};

/** A program can come this long past a limit that only counting enforces. */
const LOOK_MS = 500;

/** Reading every file is work: it is done this often, more rarely where it takes long, and when the disk fills up. */
const MEASURE_MS = 30_000;
const MEASURE_SHARE = 20;

/** The runner needs room to report, whoever fills the disk. */
const KEPT_FREE_BYTES = 256 * 1024 ** 2;

/** Linux counts processor time in hundredths of a second wherever it shows it. */
const TICK_MS = 10;

/** Looks at what a program and everything below it use, and tells when they pass a limit. */
export function watchLimits(leader: number, watched: Watched): LimitWatch {
  const { limits, timers } = watched;
  const ended = new AbortController();
  let [output, isPassed] = [0, false];

  function pass(why: string): void {
    if (isPassed || ended.signal.aborted) return;
    isPassed = true;
    watched.onPassed(why);
  }

  async function look(of: () => Promise<string | null>): Promise<void> {
    while (!ended.signal.aborted && !isPassed) {
      const why = await of();
      if (why !== null) pass(why);
      await timers.sleep(LOOK_MS, ended.signal).catch(() => undefined);
    }
  }

  const looking = [look(() => checkProcesses(leader, limits)), look(createDiskCheck(watched))];
  return {
    addOutput: (bytes) => {
      output += bytes;
      if (output > limits.outputBytes)
        pass(sentence(`${describeBytes(limits.outputBytes)} of output`, "output"));
    },
    end: async () => {
      ended.abort();
      await Promise.all(looking);
    },
  };
}

async function checkProcesses(leader: number, limits: SessionLimits): Promise<string | null> {
  const family = selectFamily(await listProcesses(), leader);
  const count = sum(family.map(({ threads }) => threads));
  if (count > limits.maxProcesses) {
    return sentence(`${limits.maxProcesses} processes and threads`, "processes");
  }
  if (sum(family.map(({ cpuTicks }) => cpuTicks)) * TICK_MS > limits.cpuMs) {
    return sentence(`${describeTime(limits.cpuMs)} of processor time`, "cpu");
  }
  const memory = await Promise.all(family.map(({ pid }) => readOwnMemory(pid)));
  if (sum(memory) > limits.memoryBytes) {
    return sentence(`${describeBytes(limits.memoryBytes)} of memory`, "memory");
  }
  return null;
}

/** In bytes: what a process shares with files and others would be counted more than once. */
async function readOwnMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^RssAnon:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

function createDiskCheck({ limits, folders, timers }: Watched): () => Promise<string | null> {
  const now = (): number => timers.now().getTime();
  let freeAtStart: number | null = null;
  let last = { at: -Infinity, tookMs: 0, free: 0, bytes: 0 };

  return async () => {
    const free = await readFreeBytes(folders[0]).catch(() => null);
    if (free === null) return null;
    freeAtStart ??= free;
    if (free < KEPT_FREE_BYTES && freeAtStart >= 2 * KEPT_FREE_BYTES) {
      return `The session was stopped before the machine's disk was full: ${describeBytes(free)} were left.`;
    }
    const fills = last.bytes + (last.free - free) > limits.diskBytes;
    const pause = Math.max(MEASURE_MS, last.tookMs * MEASURE_SHARE);
    const before = now();
    if (!fills && before - last.at < pause) return null;
    const use = await measureDisk(folders);
    // What cannot be read can still be seen by what the disk has less.
    const bytes = use.unread === 0 ? use.bytes : Math.max(use.bytes, freeAtStart - free);
    last = { at: before, tookMs: now() - before, free, bytes: use.bytes };
    if (bytes > limits.diskBytes) return sentence(`${describeBytes(limits.diskBytes)} of disk`, "disk");
    return use.largestFileBytes >= limits.maxFileBytes ? passedFileSize(limits) : null;
  };
}

/** Also for whoever sees the signal with which the system enforces this one. */
export function passedFileSize({ maxFileBytes }: SessionLimits): string {
  return sentence(`${describeBytes(maxFileBytes)} for one file`, "file");
}

function sentence(limit: string, key: string): string {
  return `The session was stopped at its limit of ${limit}; the policy's sandbox.${key} sets another.`;
}

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

function describeBytes(bytes: number): string {
  let [value, unit] = [bytes, 0];
  for (; value >= 1024 && unit < UNITS.length - 1; unit++) value /= 1024;
  return `${Number(value.toFixed(1))} ${UNITS[unit] ?? ""}`;
}

function describeTime(ms: number): string {
  if (ms >= 2 * 3_600_000) return `${Math.round(ms / 3_600_000)} hours`;
  return ms >= 2 * 60_000 ? `${Math.round(ms / 60_000)} minutes` : `${ms / 1_000} s`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
