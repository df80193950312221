import { expect, test } from "vitest";
import { storableText } from "./storable-text.ts";

test("what PostgreSQL cannot store in a text is shown as a replacement character", () => {
  expect(storableText("a\u0000b\ud83d")).toBe("a\ufffdb\ufffd");
});
