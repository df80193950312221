import { expect, test } from "vitest";
import { cleanLog } from "./job-log.ts";

test("times and colours go, whatever else a line holds stays", () => {
  const log = [
    "\uFEFF2026-01-02T03:04:05.1234567Z ##[group]Run npm test",
    "2026-01-02T03:04:05.2345678Z \u001b[31mnot ok 1 - adds\u001b[0m",
    "2026-01-02T03:04:05.3456789Z   at 2026-01-02T03:04:05.000Z in the middle",
    "2026-01-02T03:04:05.4567890Z",
    "a line without a time",
    "",
  ].join("\r\n");
  expect(cleanLog(log)).toBe(
    [
      "##[group]Run npm test",
      "not ok 1 - adds",
      "  at 2026-01-02T03:04:05.000Z in the middle",
      "",
      "a line without a time",
    ].join("\n"),
  );
});
