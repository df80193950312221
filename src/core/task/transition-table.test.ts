import { describe, expect, test } from "vitest";
import { observeAnswers } from "../../../test/support/task/observe-answers.ts";
import { TRANSITIONS } from "./transition-table.ts";
import type { StatusOrNone } from "./transition-table.ts";
import type { TaskCommandType } from "./commands.ts";

const observed = observeAnswers(2_500);

describe.each(Object.keys(TRANSITIONS) as StatusOrNone[])("a task that is %s", (status) => {
  test.each(Object.keys(TRANSITIONS[status]) as TaskCommandType[])(
    "answers %s as the table says",
    (command) => {
      const seen = [...(observed.get(status)?.get(command) ?? [])].sort();
      expect(seen).toEqual([...TRANSITIONS[status][command]].sort());
    },
  );
});
