/** What GitHub could not deliver. It does not try again by itself, so whoever was away has to ask. */
export interface MissedDeliveries {
  /** GUIDs of deliveries since then of which no attempt succeeded, with the id of the newest attempt. */
  list(since: Date): Promise<readonly { readonly guid: string; readonly attemptId: number }[]>;
  redeliver(attemptId: number): Promise<void>;
}
