import { expect, test } from "vitest";
import { checkLook } from "../pieces/check-state.ts";
import { rollUp, statusLook } from "./read-checks.ts";

const passed = checkLook("completed", "success");
const failed = checkLook("completed", "failure");
const running = checkLook("in_progress", null);
const skipped = checkLook("completed", "skipped");

test.each([
  ["nothing", [], null],
  ["all passed", [passed, skipped], "All 2 checks passed"],
  ["some still to come", [passed, running, statusLook("pending")], "2 of 3 checks not finished"],
  ["a failure, whatever else is to come", [failed, running, passed], "1 of 3 checks failed"],
  ["an error of a status", [statusLook("error")], "1 of 1 checks failed"],
])("%s: one line says how the checks of a commit stand", (_case, looks, expected) => {
  expect(rollUp(looks)?.text ?? null).toBe(expected);
});
