/** How test programs name a failed test, one line each: TAP, Node, Vitest and Jest, pytest, Go, Rust, RSpec. */
const PATTERNS: readonly RegExp[] = [
  /^\s*not ok \d+ -? ?(?<name>.+?)(?: # .*)?$/,
  /^\s*✖ (?<name>.+?)(?: \([\d.]+ ?m?s\))?$/,
  /^\s*[×✕] (?<name>.+?)(?: \(?[\d.]+ ?m?s\)?)?$/,
  /^\s*FAIL {1,2}(?<name>\S+ > .+)$/,
  /^FAILED (?<name>\S+::\S+)/,
  /^\s*--- FAIL: (?<name>\S+)/,
  /^test (?<name>\S+) \.\.\. FAILED$/,
  /^rspec (?<name>\S+:\d+)/,
];

/** A heading or a count in the place of a name. */
const NOT_A_TEST = /^(?:failing tests:?|tests? failed|\d+ .*)$/i;

const MAX_TESTS = 200;

/** The failed tests that a log names, in order and without repetition; a log of an unknown form names none. */
export function findFailingTests(log: string): readonly string[] {
  const names = new Set<string>();
  for (const line of log.split("\n")) {
    const plain = withoutColour(line);
    for (const pattern of PATTERNS) {
      const name = pattern.exec(plain)?.groups?.["name"]?.trim();
      if (name !== undefined && name !== "" && !NOT_A_TEST.test(name)) names.add(name.slice(0, 500));
    }
    if (names.size >= MAX_TESTS) break;
  }
  return [...names];
}

function withoutColour(line: string): string {
  // ESC begins every colour sequence (ECMA-48).
  return line.replaceAll(/\u001b\[[0-9;]*m/g, "");
}
