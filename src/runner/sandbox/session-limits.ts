import { availableParallelism, totalmem } from "node:os";
import type { Sandbox as SandboxWish } from "../../contract/briefing.ts";

/** What a session may use in all, whoever of its processes does. */
export type SessionLimits = {
  readonly [
    Name in "memoryBytes" | "maxProcesses" | "diskBytes" | "maxFileBytes" | "outputBytes" | "cpuMs"
  ]: NonNullable<SandboxWish[Name]>;
};

const GIBIBYTE = 1024 ** 3;

/** Of a machine's memory, so that the runner has room to end the session and to report. */
const SHARE_OF_MEMORY = 0.75;

/**
 * What no sensible session comes near, so that a runaway one is stopped before its machine is: three quarters of the
 * memory, 4,096 processes and threads, 20 GiB of disk, 4 GiB in one file, 1 GiB of output, and twelve hours of every
 * core.
 */
export function resolveLimits(
  wish: Partial<{ readonly [Name in keyof SessionLimits]: number | null }>,
): SessionLimits {
  return {
    memoryBytes: wish.memoryBytes ?? Math.floor(totalmem() * SHARE_OF_MEMORY),
    maxProcesses: wish.maxProcesses ?? 4_096,
    diskBytes: wish.diskBytes ?? 20 * GIBIBYTE,
    maxFileBytes: wish.maxFileBytes ?? 4 * GIBIBYTE,
    outputBytes: wish.outputBytes ?? GIBIBYTE,
    cpuMs: wish.cpuMs ?? availableParallelism() * 12 * 3_600_000,
  };
}
