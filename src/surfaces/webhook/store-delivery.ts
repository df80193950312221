import type { Log } from "../../ports/log.ts";
import type { Delivery, Inbox } from "../../ports/task-store.ts";
import type { Answer } from "./answer.ts";
import type { Deadlines } from "./deadlines.ts";

/** Stores a delivery and says how it went, in time for the answer even where the store stalls. */
export async function storeDelivery(
  to: { readonly inbox: Pick<Inbox, "store">; readonly deadlines: Deadlines; readonly log: Log },
  delivery: Delivery,
): Promise<Answer> {
  try {
    const outcome = await inTime(to.deadlines, to.inbox.store(delivery));
    if (outcome === "stored") return { status: 202, sentence: "Stored." };
    if (outcome === "duplicate") return { status: 200, sentence: "This delivery was stored before." };
    to.log.warn({ delivery: delivery.id }, "A delivery was not stored in time");
    // It may still be stored: then its redelivery is told that it is a duplicate.
    return unavailable("The delivery was not stored in time: redeliver it.");
  } catch (error) {
    to.log.error({ delivery: delivery.id, err: error }, "A delivery could not be stored");
    return unavailable("The delivery could not be stored: redeliver it.");
  }
}

function inTime<Outcome>(deadlines: Deadlines, job: Promise<Outcome>): Promise<Outcome | "late"> {
  return new Promise((resolve, reject) => {
    const cancel = deadlines.set(() => resolve("late"));
    job.then(resolve, reject).finally(cancel);
  });
}

function unavailable(sentence: string): Answer {
  return { status: 503, sentence, headers: { "retry-after": "30" } };
}
