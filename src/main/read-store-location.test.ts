import { expect, test } from "vitest";
import { readStoreLocation } from "./read-store-location.ts";

test.each([
  [{}, { dataDir: ".baton/data" }],
  [{ BATON_DATA_DIR: "/srv/baton" }, { dataDir: "/srv/baton" }],
  [{ BATON_STORE: "embedded" }, { dataDir: ".baton/data" }],
  [{ BATON_STORE: "postgres", BATON_DATA_DIR: "/srv/baton" }, { serverDir: "/srv/baton" }],
  [{ DATABASE_URL: "postgres://db/baton", BATON_DATA_DIR: "/srv/baton" }, { url: "postgres://db/baton" }],
])("%j keeps the record in %j", (env, location) => {
  expect(readStoreLocation(env)).toEqual({ ok: true, value: location });
});

test.each([
  [{ BATON_STORE: "sqlite" }, /BATON_STORE: .*embedded.*postgres/],
  [{ BATON_STORE: "postgres", DATABASE_URL: "postgres://db/baton" }, /unset one of them/],
])("%j is refused with what to do", (env, sentence) => {
  const read = readStoreLocation(env);
  expect(read.ok ? "" : read.error).toMatch(sentence);
});
