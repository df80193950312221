import { expect, test } from "vitest";
import { withoutPassword } from "./inspect-store.ts";

test.each([
  ["postgres://ada:secret@db:5432/baton", "postgres://ada@db:5432/baton"],
  ["postgres://ada:sec@ret@db/baton", "postgres://ada@db/baton"],
  [
    "postgres://ada@db/baton?password=secret&sslmode=require",
    "postgres://ada@db/baton?password=…&sslmode=require",
  ],
  ["postgres://db/baton?options=a:b@c", "postgres://db/baton?options=a:b@c"],
])("%s is shown without its password", (url, shown) => {
  expect(withoutPassword(url)).toBe(shown);
});
