import { expect, test } from "vitest";
import type { Result } from "../base/result.ts";
import { readSettings } from "./read-settings.ts";
import { readWorkerSettings } from "./read-worker-settings.ts";

const SERVER = { APP_ID: "1", PRIVATE_KEY: "key", WEBHOOK_SECRET: "secret" };
const WORKER = {
  ...SERVER,
  REDIS_URL: "redis://127.0.0.1",
  DATABASE_URL: "postgres://127.0.0.1/baton",
  BATON_URL: "https://baton.example",
};

function refusal(settings: Result<unknown, string>): string | null {
  return settings.ok ? null : settings.error;
}

test("a worker takes the server's environment", () => {
  const settings = readWorkerSettings({ ...WORKER, BATON_WORKERS: "4" });
  expect(settings).toMatchObject({
    ok: true,
    value: { redisUrl: "redis://127.0.0.1", store: { url: WORKER.DATABASE_URL }, workers: 4 },
  });
});

test.each([
  ["REDIS_URL", "A worker gets its work through Redis: set REDIS_URL, as for the server."],
  [
    "DATABASE_URL",
    "An embedded database is the server's alone: set DATABASE_URL, as for the server, to run workers.",
  ],
  ["BATON_URL", "A worker tells runners where the server is: set BATON_URL, as for the server."],
])("without %s a worker cannot start, and is told so", (name, sentence) => {
  expect(refusal(readWorkerSettings({ ...WORKER, [name]: undefined }))).toBe(sentence);
});

test.each([undefined, ""])("a webhook secret of %j is told of in words", (secret) => {
  expect(refusal(readSettings({ ...SERVER, WEBHOOK_SECRET: secret }))).toBe(
    "The environment is not complete: WEBHOOK_SECRET: must be set.",
  );
});

test("a process that would run nothing is refused where nobody else would", () => {
  expect(refusal(readWorkerSettings({ ...WORKER, BATON_WORKERS: "0" }))).toContain("set it to 1 or more");
  expect(refusal(readSettings({ ...SERVER, BATON_WORKERS: "0" }))).toContain("set REDIS_URL");
  expect(refusal(readSettings({ ...WORKER, BATON_WORKERS: "0" }))).toBeNull();
});
