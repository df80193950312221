/** Node fires a timer at once whose delay does not fit into 31 bits. */
const longestTimerMs = 2 ** 31 - 1;

export function timerMs(delayMs: number): number {
  return Math.min(delayMs, longestTimerMs);
}
