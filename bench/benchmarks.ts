import type { Benchmark } from "./support/benchmark.ts";
import { transitions } from "./transitions.ts";

/** In the order of docs/performance.md. */
export const BENCHMARKS: readonly Benchmark[] = [transitions];
