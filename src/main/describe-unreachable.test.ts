import { expect, test } from "vitest";
import { describeUnreachable } from "./describe-unreachable.ts";

const GITHUB = "https://api.github.com";

test.each([
  ["the default host", { publicUrl: null, host: "127.0.0.1", githubApiUrl: GITHUB }],
  ["all interfaces", { publicUrl: null, host: "0.0.0.0", githubApiUrl: GITHUB }],
  ["all interfaces of IPv6", { publicUrl: null, host: "::", githubApiUrl: GITHUB }],
])("without BATON_URL, %s is an address that runners cannot use", (_what, settings) => {
  expect(describeUnreachable(settings, "http://127.0.0.1:3000")).toBe(
    "Runners cannot reach this server at http://127.0.0.1:3000: set BATON_URL to the address at which they can.",
  );
});

test.each([
  ["a public address", { publicUrl: "https://baton.example", host: "127.0.0.1", githubApiUrl: GITHUB }],
  ["a host that others can name", { publicUrl: null, host: "baton.internal", githubApiUrl: GITHUB }],
  [
    "a forge on this machine",
    { publicUrl: null, host: "127.0.0.1", githubApiUrl: "http://127.0.0.1:4000/api/v3" },
  ],
  ["a forge by IPv6", { publicUrl: null, host: "::1", githubApiUrl: "http://[::1]:4000/api/v3" }],
])("nothing is said of %s", (_what, settings) => {
  expect(describeUnreachable(settings, "http://127.0.0.1:3000")).toBeNull();
});
