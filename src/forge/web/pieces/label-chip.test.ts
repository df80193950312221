import { expect, test } from "vitest";
import { labelChip } from "./label-chip.ts";

function textOf(name: string): string {
  return labelChip({ name, color: "1a7245" })
    .toString()
    .replace(/<[^>]*>/g, "");
}

test.each(["bug", "baton:in-progress", "a:b:c", ":x", "x:", "good first issue"])(
  "%j reads as its name",
  (name) => {
    expect(textOf(name)).toBe(name);
  },
);

test("a family of labels is shown in two parts, other names in one", () => {
  expect(labelChip({ name: "baton:blocked", color: "d93f0b" }).toString()).toContain("label-scope");
  expect(labelChip({ name: "x:", color: "d93f0b" }).toString()).not.toContain("label-scope");
});

test("a colour that is none becomes grey, so that nothing else gets into the style", () => {
  const chip = labelChip({ name: "x", color: 'red;background:url("http://x")' }).toString();
  expect(chip).toContain('style="--label: #808080"');
});
