import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Delivery } from "../../ports/task-store.ts";
import { Pace } from "./pace.ts";
import type { FromWorkThread, ToWorkThread, WorkThreadData } from "./work-messages.ts";
import type { Work } from "./work.ts";

/** Bytes of bodies on their way to the thread; what finds no room is read from the store. */
const MAX_BYTES_ON_THE_WAY = 64 * 1024 * 1024;

export type WorkThread = Work & {
  /** Requests that it has sent to GitHub so far, by kind. */
  requests(): Promise<ReadonlyMap<string, number>>;
};

/**
 * Has the work done in a thread of its own, so that taking webhooks in waits neither for decisions nor while their memory
 * is collected. `program` calls `serveWork`. Rejects with what ended the thread before it was ready; when it ends later
 * without having been told to, the process ends as well.
 */
export async function startWorkThread<Given extends object>(program: URL, given: Given): Promise<WorkThread> {
  const taken = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  const workerData: WorkThreadData<Given> = { ...given, taken };
  const thread = new Worker(program, { workerData });
  await readiness(thread);
  return new RunningWorkThread(thread, new BigInt64Array(taken));
}

async function readiness(thread: Worker): Promise<void> {
  const known = new AbortController();
  const { signal } = known;
  const tooEarly = once(thread, "exit", { signal }).then(([code]) => {
    throw new Error(`The thread of the work ended with code ${code} before it was ready.`);
  });
  try {
    await Promise.race([once(thread, "message", { signal }), tooEarly]);
  } finally {
    known.abort();
  }
}

class RunningWorkThread implements WorkThread {
  readonly #thread: Worker;
  readonly #bytesTaken: BigInt64Array;
  #bytesGiven = 0;
  readonly #pace = new Pace();
  /** To be handed over together, once their senders have been answered. */
  #stored: Delivery[] = [];
  #isStopping = false;

  constructor(thread: Worker, bytesTaken: BigInt64Array) {
    this.#thread = thread;
    this.#bytesTaken = bytesTaken;
    // What is thrown here is lost where Node hands out the error only at the thread's exit, which follows anyway.
    let failure: { readonly cause: unknown } | null = null;
    thread.on("error", (cause) => {
      failure = { cause };
    });
    thread.on("exit", (code) => {
      if (failure) throw new Error("The thread of the work has failed.", failure);
      if (!this.#isStopping) throw new Error(`The thread of the work ended with code ${code}.`);
    });
  }

  take(delivery: Delivery): void {
    const { byteLength } = delivery.body;
    const onTheWay = this.#bytesGiven - Number(Atomics.load(this.#bytesTaken, 0));
    if (onTheWay + byteLength > MAX_BYTES_ON_THE_WAY) return this.look();
    this.#bytesGiven += byteLength;
    const delayMs = this.#pace.delayMs(performance.now());
    if (this.#stored.length === 0) this.#handOverAfter(delayMs);
    this.#stored.push({ ...delivery, body: movable(delivery.body) });
  }

  look(): void {
    this.#handOver();
    this.#tell({ kind: "look" });
  }

  async requests(): Promise<ReadonlyMap<string, number>> {
    const answer = once(this.#thread, "message") as Promise<[FromWorkThread]>;
    this.#tell({ kind: "count-requests" });
    const [message] = await answer;
    if (message.kind !== "requests") throw new Error(`The thread of the work answered "${message.kind}".`);
    return message.byKind;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    const ended = once(this.#thread, "exit");
    this.#handOver();
    this.#tell({ kind: "stop" });
    await ended;
  }

  #handOverAfter(delayMs: number): void {
    if (delayMs === 0) setImmediate(() => this.#handOver());
    else setTimeout(() => this.#handOver(), delayMs);
  }

  #handOver(): void {
    if (this.#stored.length === 0) return;
    const deliveries = this.#stored;
    this.#stored = [];
    this.#tell(
      { kind: "take", deliveries },
      deliveries.map(({ body }) => body.buffer as ArrayBuffer),
    );
  }

  #tell(message: ToWorkThread, moved: readonly ArrayBuffer[] = []): void {
    this.#thread.postMessage(message, moved);
  }
}

/** Itself, or a copy where other bytes lie in the same memory, which moves as a whole. */
function movable(body: Uint8Array): Uint8Array {
  return body.byteLength === body.buffer.byteLength ? body : new Uint8Array(body);
}
