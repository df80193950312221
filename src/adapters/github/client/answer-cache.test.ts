import { expect, test } from "vitest";
import { createAnswerCache } from "./answer-cache.ts";

const answer = (characters: number) => ({ etag: '"e"', link: undefined, json: "x".repeat(characters) });

test("what was not used for the longest time goes first", () => {
  const cache = createAnswerCache(100);
  for (const address of ["a", "b", "c", "d"]) cache.set(address, answer(25));
  cache.get("a");
  cache.set("e", answer(25));
  expect(["a", "b", "c", "d", "e"].filter((address) => cache.get(address) !== undefined)).toEqual([
    "a",
    "c",
    "d",
    "e",
  ]);
});

test("an answer takes the place of the one before it at its address", () => {
  const cache = createAnswerCache(100);
  for (let times = 0; times < 10; times += 1) cache.set("a", answer(20));
  cache.set("b", answer(20));
  expect(cache.get("a")).toEqual(answer(20));
  expect(cache.get("b")).toEqual(answer(20));
});

test("one too large is not kept, nor what it would have replaced", () => {
  const cache = createAnswerCache(100);
  cache.set("a", answer(10));
  cache.set("b", answer(10));
  cache.set("a", answer(26));
  expect(cache.get("a")).toBeUndefined();
  expect(cache.get("b")).toEqual(answer(10));
});
