/** The only source of time for everything above core. */
export interface Clock {
  now(): Date;
  /** Resolves at `at`, or at once when it has passed; rejects with the signal's reason when aborted. */
  waitUntil(at: Date, signal: AbortSignal): Promise<void>;
}
