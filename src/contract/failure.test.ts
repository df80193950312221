import { expect, test } from "vitest";
import { Failure } from "./failure.ts";

const FAILURE = { kind: "agent", summary: "Failed.", failingTests: [], logTail: "", diff: "" };

test("a class that only a newer runner knows is unknown here, and its report is taken all the same", () => {
  expect(Failure.parse({ ...FAILURE, errorClass: "quota" }).errorClass).toBe("unknown");
  expect(Failure.parse({ ...FAILURE, errorClass: "billing" }).errorClass).toBe("billing");
  expect(Failure.parse(FAILURE).errorClass).toBeNull();
});

test("what is no word is no class", () => {
  expect(Failure.safeParse({ ...FAILURE, errorClass: 7 }).success).toBe(false);
  expect(Failure.safeParse({ ...FAILURE, errorClass: "x".repeat(101) }).success).toBe(false);
});
