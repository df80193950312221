import { expect, test } from "vitest";
import { describeRefusal } from "./describe-refusal.ts";

test.each([
  [
    422,
    { message: "Validation Failed", errors: [{ field: "title", code: "missing_field" }] },
    "The title is missing.",
  ],
  [
    422,
    { message: "Validation Failed", errors: [{ field: "name", code: "already_exists" }] },
    "This name is taken already.",
  ],
  [
    422,
    { message: "Unprocessable Entity", errors: ["Can not approve your own pull request"] },
    "Can not approve your own pull request.",
  ],
  [
    422,
    { message: "Validation Failed", errors: [{ code: "custom", message: "body is too long" }] },
    "body is too long.",
  ],
  [405, { message: "At least 1 approving review is required." }, "At least 1 approving review is required."],
  [403, { message: "Must have sufficient rights" }, "ada may not do that here: Must have sufficient rights."],
  [404, { message: "Not Found" }, "That does not exist here, or ada may not see it."],
  [422, { message: "Invalid request.\n\nFor 'x', y" }, "Invalid request. For 'x', y."],
  [500, "no JSON at all", "The forge refused this (HTTP 500)."],
  [500, null, "The forge refused this (HTTP 500)."],
])("HTTP %d with %j is one sentence", (status, answer, expected) => {
  expect(describeRefusal(status, answer, "ada")).toBe(expected);
});
