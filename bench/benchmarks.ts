import type { Benchmark } from "./support/benchmark.ts";

/** In the order of docs/performance.md. */
export const BENCHMARKS: readonly Benchmark[] = [];
