import { expect, test } from "vitest";
import type { Briefing } from "../../contract/briefing.ts";
import { askForTask } from "./ask-for-task.ts";

const WITHHELD = { stage: "plan", withheld: ["issue"], plan: null, guidance: null } as const;

function ask(change: Partial<Briefing>): string | null {
  return askForTask({ ...WITHHELD, withheld: [...WITHHELD.withheld], ...change } as Briefing);
}

test("an agent that would be told nothing is not started, and a maintainer is told how to say it", () => {
  expect(ask({})).toContain("`/retry plan -- …`");
});

test.each<[string, Partial<Briefing>]>([
  ["guidance", { guidance: "Greet by name." }],
  ["a plan", { plan: { text: "Greet by name.", paths: [] } }],
  ["the issue", { withheld: [] }],
])("%s is enough to begin with", (_what, change) => {
  expect(ask(change)).toBeNull();
});
