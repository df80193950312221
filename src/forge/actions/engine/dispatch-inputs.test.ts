import { expect, test } from "vitest";

import type { DispatchInput } from "../workflow/workflow.ts";
import { dispatchInputs } from "./dispatch-inputs.ts";

const text: DispatchInput = { type: "string", required: false, default: null, options: [] };
const declared = {
  title: { ...text, required: true },
  note: text,
  count: { ...text, type: "number", default: 3 },
  dry: { ...text, type: "boolean" },
  mode: { ...text, type: "choice", options: ["fast", "slow"] },
} as const satisfies Record<string, DispatchInput>;

test("inputs are typed in `inputs` and text in the event", () => {
  expect(dispatchInputs(declared, { title: "x", dry: "true", count: "7" })).toEqual({
    ok: true,
    inputs: { title: "x", note: "", count: 7, dry: true, mode: "fast" },
    event: { title: "x", note: "", count: "7", dry: "true", mode: "fast" },
  });
});

test.each([
  [{ title: "x", other: 1 }, 'Unexpected inputs provided: ["other"]'],
  [{}, "Required input 'title' not provided"],
  [{ title: "x", mode: "loud" }, "Provided value 'loud' for input 'mode' not in the list of allowed values"],
  [{ title: "x", dry: "yes" }, "Provided value 'yes' for input 'dry' not in the list of allowed values"],
  [
    { title: "x", count: "many" },
    "Provided value 'many' for input 'count' not in the list of allowed values",
  ],
])("%j is refused", (given, problem) => {
  expect(dispatchInputs(declared, given)).toEqual({ ok: false, problem });
});
