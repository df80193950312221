import { expect, test } from "vitest";
import { createBodyRoom } from "./body-room.ts";

test("bounds what all requests hold together, and has room again once one is over", () => {
  const room = createBodyRoom(10);
  const [one, other] = [room.enter(), room.enter()];
  expect(one.take(4)).toBe(true);
  expect(one.take(4)).toBe(true);
  expect(other.take(3)).toBe(false);
  expect(other.take(2)).toBe(true);
  one.leave();
  one.leave();
  expect(other.take(8)).toBe(true);
  expect(other.take(1)).toBe(false);
});
