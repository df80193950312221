import { StoreOverloaded } from "../../ports/store-overloaded.ts";
import type { Log } from "../../ports/log.ts";
import type { Delivery, Inbox } from "../../ports/task-store.ts";
import { type Answer, BUSY } from "./answer.ts";
import type { Deadline } from "./deadlines.ts";
import type { Place } from "./in-flight.ts";

export type StoringDelivery = {
  readonly inbox: Pick<Inbox, "store">;
  readonly log: Log;
  readonly deadline: Deadline;
  /** Held until the store is done with the delivery, which may be long after the answer. */
  readonly place: Place;
  readonly onStored: (delivery: Delivery) => void;
  /** Told when the delivery may be stored without `onStored` having been told of it. */
  readonly onUnsure: () => void;
};

/** Stores a delivery and says how it went, in time for the answer even where the store stalls. */
export function storeDelivery(to: StoringDelivery, delivery: Delivery): Promise<Answer> {
  return new Promise((resolve) => {
    to.deadline.onPassed(() => {
      to.log.warn({ delivery: delivery.id }, "A delivery was not stored in time");
      // It may still be stored: then its redelivery is told that it is a duplicate.
      resolve(unavailable("The delivery was not stored in time: redeliver it."));
    });
    const storing = to.inbox.store(delivery).then(
      (outcome) => {
        resolve(ANSWERS[outcome]);
        if (outcome === "stored") to.onStored(delivery);
        // Its first time may have been stored while the answer to that was lost.
        if (outcome === "duplicate") to.onUnsure();
        if (outcome === "differs") {
          to.log.warn(
            { delivery: delivery.id },
            "A delivery came again with another body, which was not stored",
          );
        }
      },
      (error: unknown) => {
        if (error instanceof StoreOverloaded) return resolve(BUSY);
        to.log.error({ delivery: delivery.id, err: error }, "A delivery could not be stored");
        resolve(unavailable("The delivery could not be stored: redeliver it."));
        // It may be, where the connection was lost before the answer.
        to.onUnsure();
      },
    );
    to.place.keepFor(storing);
  });
}

const ANSWERS = {
  stored: { status: 202, sentence: "Stored." },
  duplicate: { status: 200, sentence: "This delivery was stored before." },
  differs: { status: 409, sentence: "Another body was stored under this delivery's GUID, and is kept." },
} as const satisfies Record<string, Answer>;

function unavailable(sentence: string): Answer {
  return { status: 503, sentence, headers: { "retry-after": "30" } };
}
