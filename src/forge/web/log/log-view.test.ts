import { expect, test } from "vitest";
import { logView } from "./log-view.ts";

function check(log: string): string {
  return logView({ log, key: "step-1", rawHref: "/raw" }).toString();
}

test("says errors and warnings in words as well as by colour", () => {
  const markup = check(
    "2026-01-01T00:00:00.0000000Z ##[error]broken\n2026-01-01T00:00:00.0000000Z ##[warning]odd\n",
  );
  expect(markup).toMatch(/log-error[^]*Error: [^]*broken/);
  expect(markup).toMatch(/log-warning[^]*Warning: [^]*odd/);
});

test("shows the end of a very long log with the numbers that its lines have, and where the rest is", () => {
  const markup = check(Array.from({ length: 5000 }, (_, index) => `line ${index + 1}`).join("\n"));
  expect(markup).toContain('<a href="/raw">1000 earlier lines</a>');
  expect(markup).not.toContain(">line 1000<");
  expect(markup).toContain('data-line="1001"');
  expect(markup).toContain('data-line="5000"');
});

test("escapes what programs print", () => {
  expect(check("<script>alert(1)</script>")).not.toContain("<script");
});
