import type { Commit, CommitOutcome } from "../../../src/ports/task-store.ts";
import type { Figures } from "../benchmark.ts";
import { quantile } from "../spread.ts";

/**
 * Lets producers take tasks through all their commits, each waiting for one to be stored before it hands in the next.
 * Ends when the time is up or no task is left for one of them.
 */
export async function measureTransitions(
  write: (commit: Commit) => Promise<CommitOutcome>,
  tasks: readonly (readonly Commit[])[],
  load: { readonly producers: number; readonly forMs: number },
): Promise<Figures> {
  const latencies: number[] = [];
  const start = performance.now();
  let end = start + load.forMs;
  let next = 0;
  const produce = async (): Promise<void> => {
    for (;;) {
      const commits = tasks[next];
      if (!commits) {
        end = Math.min(end, performance.now());
        return;
      }
      next += 1;
      for (const commit of commits) {
        const handedIn = performance.now();
        if (handedIn >= end) return;
        const outcome = await write(commit);
        if (outcome !== "committed") throw new Error(`A commit for ${commit.task} came out as ${outcome}.`);
        latencies.push(performance.now() - handedIn);
      }
    }
  };
  await Promise.all(Array.from({ length: load.producers }, produce));
  const elapsedMs = performance.now() - start;
  const sorted = Float64Array.from(latencies).sort();
  return {
    "a second": (latencies.length * 1_000) / elapsedMs,
    "p50 ms": quantile(sorted, 0.5),
    "p99 ms": quantile(sorted, 0.99),
  };
}
