import type { Delivery } from "../../ports/task-store.ts";

/** What follows from webhooks once they are stored. */
export type Work = {
  /** Works on a delivery that was just stored. Its body may be gone for whoever hands it over. */
  take(delivery: Delivery): void;
  /** Looks soon for deliveries that may be stored although nobody was told so. */
  look(): void;
  /** Ends in order: what was begun comes to its end, the rest stays in the store. */
  stop(): Promise<void>;
};
