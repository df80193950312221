import { expect, test } from "vitest";
import type { TaskId } from "../../base/ids.ts";
import { KnownTasks } from "./known-tasks.ts";

const known = (characters: number) => ({ version: 1, hash: "ab", task: null, characters });

test("forgets the tasks that were used longest ago when they are too many, and keeps none that is too large alone", () => {
  const tasks = new KnownTasks();
  const [large, small, larger] = ["1-1-1", "1-2-1", "1-3-1"] as TaskId[] as [TaskId, TaskId, TaskId];
  tasks.set(large, known(4_000_000));
  tasks.set(small, known(1_000));
  tasks.set(large, known(4_000_001));
  tasks.set(larger, known(7_000_000));
  expect(tasks.get(small)).toBeUndefined();
  expect(tasks.get(large)).toBeUndefined();
  expect(tasks.get(larger)).toEqual(known(7_000_000));
  tasks.set(small, known(100_000_000));
  expect(tasks.get(small)).toBeUndefined();
  tasks.set(large, known(4_000_000));
  expect(tasks.get(large)).toEqual(known(4_000_000));
});
