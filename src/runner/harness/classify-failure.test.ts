import { describe, expect, test } from "vitest";
import { classifyFailure } from "./classify-failure.ts";

describe("what the words of a failure without a status tell", () => {
  // What the HTTP clients of Node, Bun and the vendors say.
  test.each([
    "Connection reset by server",
    "The socket connection was closed unexpectedly.",
    "Connection error.",
    "fetch failed",
    "read ECONNRESET",
    "write EPIPE",
    "Premature close",
  ])("the connection broke: %s", (words) => {
    expect(classifyFailure(null, words)).toEqual({ class: "network", httpStatus: null, retryable: true });
  });

  test.each([
    ["Incorrect API key provided.", "auth"],
    ["You exceeded your current quota, please check your plan and billing details.", "billing"],
    ["The server had an error while processing your request.", "server"],
    ["It did not like the tone.", "unknown"],
  ])("and other things: %s", (words, failure) => {
    expect(classifyFailure(null, words).class).toBe(failure);
  });
});

test("a status decides where the words say something else", () => {
  expect(classifyFailure(429, "Connection reset by server").class).toBe("rate_limit");
  expect(classifyFailure(400, "This model's maximum context_length is 8192.").class).toBe("context");
});
