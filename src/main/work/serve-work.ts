import type { MessagePort } from "node:worker_threads";
import type { RequestCounter } from "../../adapters/github/client/request-counter.ts";
import type { FromWorkThread, ToWorkThread } from "./work-messages.ts";
import type { Work } from "./work.ts";

export type ServedWork = {
  readonly taken: SharedArrayBuffer;
  readonly work: Work;
  readonly counter: Pick<RequestCounter, "byKind">;
};

/** Has this thread do what the server asks of it, until it is told to stop. */
export function serveWork(server: MessagePort, { work, counter, taken }: ServedWork): Promise<void> {
  const bytesTaken = new BigInt64Array(taken);
  const tell = (message: FromWorkThread): void => server.postMessage(message);
  return new Promise((end) => {
    server.on("message", (message: ToWorkThread) => {
      switch (message.kind) {
        case "take":
          for (const delivery of message.deliveries) {
            work.take(delivery);
            Atomics.add(bytesTaken, 0, BigInt(delivery.body.byteLength));
          }
          return;
        case "look":
          return work.look();
        case "count-requests":
          return tell({ kind: "requests", byKind: counter.byKind() });
        case "stop":
          server.close();
          return end();
      }
    });
    tell({ kind: "ready" });
  });
}
