import { Duplex } from "node:stream";
import type { Worker } from "node:worker_threads";
import { isFatalAnswer } from "./fatal-answer.ts";
import { joinBytes } from "./join-bytes.ts";
import type { FromPgliteThread } from "./pglite-messages.ts";

type WriteCallback = (error?: Error | null) => void;

/**
 * The driver's socket to the embedded database: bytes go to the thread and come back as messages. The driver corks a
 * statement's messages, so that they go over together.
 */
export class ThreadStream extends Duplex {
  readonly #thread: Worker;
  readonly #onMessage = (message: FromPgliteThread): void => {
    if (message instanceof Uint8Array) {
      if (isFatalAnswer(message)) this.#onFatal();
      this.push(message);
    } else if (message.kind === "failed") {
      this.#onFatal();
      this.destroy(new Error(message.why));
    }
  };
  readonly #onExit = (): void => {
    this.destroy(new Error("The embedded database has stopped."));
  };

  readonly #onFatal: () => void;

  /** `onFatal` is called when the database has said that it is at its end, before anybody reads that. */
  constructor(thread: Worker, onFatal: () => void) {
    super();
    this.#thread = thread;
    this.#onFatal = onFatal;
    thread.on("message", this.#onMessage);
    thread.on("exit", this.#onExit);
  }

  /** The driver calls this like `Socket.connect`, with a port and a host that mean nothing here. */
  connect(): this {
    process.nextTick(() => this.emit("connect"));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    this.#thread.ref();
    return this;
  }

  unref(): this {
    this.#thread.unref();
    return this;
  }

  override _read(): void {
    // Messages are pushed as they come: the driver asks for one answer at a time, so none can pile up.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: WriteCallback): void {
    this.#send([chunk]);
    callback();
  }

  override _writev(chunks: readonly { chunk: Buffer }[], callback: WriteCallback): void {
    this.#send(chunks.map(({ chunk }) => chunk));
    callback();
  }

  /** In memory of its own, which moves to the thread: a piece may be part of one that others use. */
  #send(pieces: readonly Uint8Array[]): void {
    const bytes = joinBytes(pieces);
    this.#thread.postMessage(bytes, [bytes.buffer]);
  }

  /** The other side never hangs up, so that saying goodbye ends both directions. */
  override _final(callback: WriteCallback): void {
    this.push(null);
    callback();
  }

  override _destroy(error: Error | null, callback: WriteCallback): void {
    this.#thread.off("message", this.#onMessage);
    this.#thread.off("exit", this.#onExit);
    callback(error);
  }
}
