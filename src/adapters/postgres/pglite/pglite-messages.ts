/** What the embedded database's thread is started with; `folder` is null for a database in memory. */
export type PgliteThreadData = { readonly folder: string | null; readonly engine: WebAssembly.Module };

/** To the thread: bytes of PostgreSQL's protocol, whole messages only; or that it shall end. */
export type ToPgliteThread = Uint8Array | "stop";

/** From the thread: bytes of the protocol; that it listens; or why it does not. */
export type FromPgliteThread =
  Uint8Array | { readonly kind: "ready" } | { readonly kind: "failed"; readonly why: string };
