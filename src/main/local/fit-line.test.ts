import { stripVTControlCharacters, styleText } from "node:util";
import { expect, test } from "vitest";
import { fitLine } from "./fit-line.ts";

const dim = (text: string) => styleText("dim", text, { validateStream: false });

test("leaves what fits as it is", () => {
  expect(fitLine("plan, attempt 2", 15)).toBe("plan, attempt 2");
  expect(fitLine(dim("plan"), 4)).toBe(dim("plan"));
});

test("cuts what is too long by what is seen of it, and ends every colour", () => {
  const line = `${dim("12.0s")}  waiting ${dim("·")} the plan waits for approval`;
  const fitted = fitLine(line, 20);
  expect(stripVTControlCharacters(fitted)).toBe("12.0s  waiting · th…");
  expect(fitted.match(/\u001b\[22m/g)).toHaveLength(2);
});

test("counts a sign of two code units once and never cuts it in two", () => {
  expect(fitLine("🚀🚀🚀", 3)).toBe("🚀🚀🚀");
  expect(fitLine("🚀🚀🚀", 2)).toBe("🚀…");
});

test("has nothing to say without room", () => {
  expect(stripVTControlCharacters(fitLine(dim("text"), 0))).toBe("");
});
