import { describe, expect, it } from "vitest";

import { describeUnmet, type RequirementState } from "./required-checks.ts";

function describeStates(...states: RequirementState[]): string | undefined {
  return describeUnmet(states.map((state, index) => ({ context: `check-${index}`, state })));
}

describe("describeUnmet", () => {
  it.each([
    [[], undefined],
    [["satisfied", "satisfied"], undefined],
    [["expected"], 'Required status check "check-0" is expected.'],
    [["in progress"], 'Required status check "check-0" is in progress.'],
    [["failing"], 'Required status check "check-0" is failing.'],
    [["in progress", "in progress"], "2 of 2 required status checks are in progress."],
    [["satisfied", "expected"], "1 of 2 required status checks have not succeeded: 1 expected."],
    [["expected", "pending"], "2 of 2 required status checks have not succeeded: 1 expected and 1 pending."],
    [["failing", "in progress"], "2 of 2 required status checks have not succeeded: 1 failing."],
    [["queued", "satisfied"], "1 of 2 required status checks have not succeeded."],
  ] satisfies [RequirementState[], string | undefined][])("says of %j: %s", (states, sentence) => {
    expect(describeStates(...states)).toBe(sentence);
  });
});
