import fc from "fast-check";
import { expect, test } from "vitest";
import { findFailingTests } from "./find-failing-tests.ts";

test.each([
  ["TAP", "ok 1 - adds\nnot ok 2 - subtracts # time=3ms\n", ["subtracts"]],
  ["Node's spec", "✔ adds (1.2ms)\n✖ subtracts (0.8ms)\nℹ fail 1\n✖ failing tests:\n", ["subtracts"]],
  ["Vitest", " FAIL  src/a.test.ts > sums > adds\n   × adds 12ms\n", ["src/a.test.ts > sums > adds", "adds"]],
  ["Jest", "  ✕ adds (3 ms)\n", ["adds"]],
  ["pytest", "FAILED tests/test_a.py::test_adds - assert 1 == 2\n", ["tests/test_a.py::test_adds"]],
  ["Go", "--- FAIL: TestAdds (0.00s)\n", ["TestAdds"]],
  ["Rust", "test sums::adds ... FAILED\ntest sums::subtracts ... ok\n", ["sums::adds"]],
  ["RSpec", "rspec ./spec/a_spec.rb:3 # adds\n", ["./spec/a_spec.rb:3"]],
  ["colours", "\u001b[31m✖ adds\u001b[0m\n", ["adds"]],
  ["no known form", "make: *** [all] Error 1\n", []],
])("names the failed tests of %s", (_name, log, names) => {
  expect(findFailingTests(log)).toEqual(names);
});

test("takes any log, and stays within its limits", () => {
  fc.assert(
    fc.property(fc.array(fc.string().map((text) => `not ok 1 - ${text}`)), (lines) => {
      const names = findFailingTests(lines.join("\n"));
      expect(names.every((name) => name.length <= 500)).toBe(true);
    }),
  );
});
