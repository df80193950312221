import { expect, test } from "vitest";
import { joinLabels } from "./join-labels.ts";
import type { LabelsItem } from "./timeline-item.ts";

function change(login: string, seconds: number, labels: { added?: string; removed?: string }): LabelsItem {
  const view = (name: string | undefined) => (name === undefined ? [] : [{ name, color: "808080" }]);
  return {
    kind: "labels",
    key: `labels-${seconds}`,
    at: new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString(),
    actor: { login, isBot: false },
    added: view(labels.added),
    removed: view(labels.removed),
  };
}

function check(changes: LabelsItem[]): string[] {
  return joinLabels(changes).map((item) => {
    if (item.kind !== "labels") return item.kind;
    const names = (labels: LabelsItem["added"]): string => labels.map(({ name }) => name).join(",");
    return `${item.actor.login} +${names(item.added)} -${names(item.removed)}`;
  });
}

test("a status that replaces another is one entry", () => {
  expect(check([change("bot", 1, { added: "s:b" }), change("bot", 2, { removed: "s:a" })])).toEqual([
    "bot +s:b -s:a",
  ]);
});

test("other people and later changes stay entries of their own", () => {
  expect(
    check([
      change("ada", 1, { added: "a" }),
      change("bot", 2, { removed: "a" }),
      change("bot", 90, { added: "b" }),
    ]),
  ).toEqual(["ada +a -", "bot + -a", "bot +b -"]);
});

test("a label that went on and off again in one act leaves no trace", () => {
  expect(check([change("bot", 1, { added: "a" }), change("bot", 2, { removed: "a" })])).toEqual([]);
});
