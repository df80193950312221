import { expect, test } from "vitest";
import type { TaskId } from "../../base/ids.ts";
import { foldTask } from "./fold-task.ts";

test("a task of which the record lacks entries is not read as another", () => {
  const row = { id: "1-7-1" as TaskId, version: 18, hash: "ab", kept_at: 16, kept: "{}", since: "[]" };
  expect(() => foldTask({ row, known: undefined })).toThrow(
    "Task 1-7-1 has 18 entries, of which 16 and 0 were found: look at it with `baton doctor`.",
  );
});
