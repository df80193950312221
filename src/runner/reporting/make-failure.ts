import type { Failure } from "../../contract/failure.ts";

// The limits of src/contract/failure.ts.
const MAX_SUMMARY_CHARACTERS = 1_000;
const MAX_LOG_CHARACTERS = 20_000;
const MAX_DIFF_CHARACTERS = 60_000;
const MAX_TESTS = 200;
const MAX_TEST_CHARACTERS = 500;

/** A failure within the contract's limits: of a log the end is kept, of everything else the beginning. */
export function makeFailure(given: {
  readonly kind: Failure["kind"];
  readonly errorClass?: Failure["errorClass"];
  readonly summary: string;
  readonly failingTests?: readonly string[];
  readonly logTail?: string;
  readonly diff?: string;
}): Failure {
  return {
    kind: given.kind,
    errorClass: given.errorClass ?? null,
    summary: beginning(
      given.summary.trim() === "" ? "It failed without a reason." : given.summary.trim(),
      MAX_SUMMARY_CHARACTERS,
    ),
    failingTests: (given.failingTests ?? [])
      .slice(0, MAX_TESTS)
      .map((name) => beginning(name, MAX_TEST_CHARACTERS)),
    logTail: (given.logTail ?? "").slice(-MAX_LOG_CHARACTERS),
    diff: beginning(given.diff ?? "", MAX_DIFF_CHARACTERS),
  };
}

function beginning(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
