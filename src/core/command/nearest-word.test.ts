import { expect, test } from "vitest";
import { nearestWord } from "./nearest-word.ts";

test.each([
  ["aprove", "approve"],
  ["APPROVE", "approve"],
  ["appr", "approve"],
  ["rety", "retry"],
  ["hlep", "help"],
  ["cancle", "cancel"],
])("%s is near %s", (word, expected) => {
  expect(nearestWord(word, ["approve", "retry", "cancel", "hold", "help"])).toBe(expected);
});

test.each(["thanks", "x", "", "deploy", "a".repeat(100_000)])("%s is near nothing", (word) => {
  expect(nearestWord(word, ["approve", "retry", "cancel"])).toBeNull();
});
