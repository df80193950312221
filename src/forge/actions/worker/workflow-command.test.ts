import { expect, test } from "vitest";

import { parseWorkflowCommand } from "./workflow-command.ts";

test.each<[string, ReturnType<typeof parseWorkflowCommand>]>([
  ["::group::Title", { name: "group", properties: {}, message: "Title" }],
  ["  ::endgroup::", { name: "endgroup", properties: {}, message: "" }],
  [
    "::error file=a b.ts,line=3,title=x%2Cy%3Az::first%0Asecond 100%25",
    {
      name: "error",
      properties: { file: "a b.ts", line: "3", title: "x,y:z" },
      message: "first\nsecond 100%",
    },
  ],
  ["::add-mask::%250A", { name: "add-mask", properties: {}, message: "%0A" }],
  ["::some-token::", { name: "some-token", properties: {}, message: "" }],
  ["std::vector::push", null],
  ["a ::error::b", null],
  [":: error::b", null],
  ["plain", null],
])("%s", (line, expected) => {
  expect(parseWorkflowCommand(line)).toEqual(expected);
});
