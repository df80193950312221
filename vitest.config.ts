import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";
import { PATIENCE_MS } from "./test/support/patience.ts";

/** Folders of tests that start servers, browsers and runs, the slowest first. */
const SLOW = ["/test/conformance/", "/test/scenario/", "/test/contract/", "/test/integration/"];

/** Starts the slow files first, so that the last seconds of a run are not spent waiting for one of them alone. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const found = SLOW.findIndex((folder) => moduleId.includes(folder));
  return found < 0 ? SLOW.length : found;
}

export default defineConfig({
  test: {
    projects: [
      // Tests of pure functions leave nothing behind in their process; a new one for each file would cost them double.
      { extends: true, test: { name: "unit", include: ["src/**/*.test.ts"], isolate: false } },
      { extends: true, test: { name: "whole", include: ["test/**/*.test.ts"] } },
    ],
    setupFiles: ["test/support/fixed-seed.ts"],
    sequence: { sequencer: SlowFirst },
    // V8 now and then crashes while it frees compiled WebAssembly, which PGlite has much of, on a machine under load:
    // https://github.com/nodejs/node/issues/64500. A worker lives for one file, and has no need to free any.
    execArgv: ["--no-wasm-code-gc"],
    // Much of a test's time is spent in other processes (git, runs, a browser), so that no core is left for vitest.
    maxWorkers: availableParallelism(),
    // What these catch is a test that hangs. A machine under load is slow, and that is no failure.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: PATIENCE_MS } },
  },
});
