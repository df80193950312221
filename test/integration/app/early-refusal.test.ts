import { expect, test } from "vitest";
import { createAttemptApi } from "../../../src/surfaces/api/attempt-api.ts";
import { openApp } from "../../support/app/open-app.ts";

test.each([
  ["PUT", "bundle"],
  ["POST", "heartbeat"],
  ["POST", "report"],
  ["POST", "delivery/result"],
  ["POST", "verification/result"],
])("%s %s of a stranger is refused before its body is read", async (method, path) => {
  const app = await openApp();
  const api = createAttemptApi(app.context);
  let read = 0;
  const body = new ReadableStream(
    {
      pull(controller) {
        read++;
        controller.enqueue(new Uint8Array(1_024));
      },
    },
    { highWaterMark: 0 },
  );
  const headers = { authorization: "Bearer stolen", "content-type": "application/json" };
  const init = { method, headers, body, duplex: "half" } as RequestInit;
  const answer = await api.request(`http://baton.test/api/v1/attempts/1-7-1.1/${path}`, init);
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ error: { code: "unauthorized" } });
  expect(read).toBe(0);
});
