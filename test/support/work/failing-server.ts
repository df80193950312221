/** A server whose work fails on its first delivery, and which would run for ever otherwise. */
import type { DeliveryId } from "../../../src/base/ids.ts";
import { startWorkThread } from "../../../src/main/work/start-work-thread.ts";

const thread = await startWorkThread(new URL("./recording-work.ts", import.meta.url), { channel: "none" });
setInterval(() => undefined, 1_000);
thread.take({
  id: "fail" as DeliveryId,
  event: "issues",
  body: Buffer.from("{}"),
  receivedAt: "2026-01-01T00:00:00.000Z",
});
