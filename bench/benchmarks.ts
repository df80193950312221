import { chain } from "./chain.ts";
import { embedded } from "./embedded.ts";
import { flood } from "./flood.ts";
import { growth } from "./growth.ts";
import { ingress } from "./ingress.ts";
import { labelToDispatch } from "./label-to-dispatch.ts";
import { overhead } from "./overhead.ts";
import { relay } from "./relay.ts";
import { restoration } from "./restoration.ts";
import type { Benchmark } from "./support/benchmark.ts";
import { transitions } from "./transitions.ts";

/** In the order of docs/performance.md. */
export const BENCHMARKS: readonly Benchmark[] = [
  ingress,
  flood,
  labelToDispatch,
  transitions,
  relay,
  embedded,
  chain,
  growth,
  overhead,
  restoration,
];
