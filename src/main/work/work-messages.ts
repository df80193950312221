import type { Delivery } from "../../ports/task-store.ts";

/** What the thread of the work is started with, beside what its program needs. */
export type WorkThreadData<Given> = Given & {
  /** One number, the bytes of bodies that the thread has taken so far: written by the thread, read by the server. */
  readonly taken: SharedArrayBuffer;
};

export type ToWorkThread =
  | { readonly kind: "take"; readonly deliveries: readonly Delivery[] }
  | { readonly kind: "look" | "count-requests" | "stop" };

export type FromWorkThread =
  { readonly kind: "ready" } | { readonly kind: "requests"; readonly byKind: ReadonlyMap<string, number> };
