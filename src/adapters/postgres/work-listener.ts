import { Client } from "pg";
import type { Log } from "../../ports/log.ts";
import { NOTICE_SILENCE } from "./session-settings.ts";
import type { WorkSignal } from "./work-signal.ts";

export const WORK_CHANNEL = "baton_work";

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;

/**
 * Wakes this process when another one on the same database has left something to do. A lost connection is made again;
 * what was said meanwhile cannot be known, so that coming back counts as word of work.
 */
export class WorkListener {
  readonly #url: string;
  readonly #signal: WorkSignal;
  readonly #log: Log;
  #client: Client | null = null;
  #retry: NodeJS.Timeout | null = null;
  #retryMs = FIRST_RETRY_MS;
  #stopped = false;

  constructor(url: string, signal: WorkSignal, log: Log) {
    this.#url = url;
    this.#signal = signal;
    this.#log = log;
  }

  /** Resolves when notifications are heard; rejects when the server cannot be reached. */
  async start(): Promise<void> {
    const client = new Client({
      connectionString: this.#url,
      application_name: "baton-listener",
      ...NOTICE_SILENCE,
    });
    client.on("notification", ({ payload }) => {
      if (payload !== this.#signal.sender) this.#signal.wake();
    });
    client.on("error", (error) => {
      this.#log.warn({ err: error }, "The connection that hears of work was lost; it is made again.");
    });
    await client.connect();
    await client.query(`LISTEN ${WORK_CHANNEL}`);
    client.once("end", () => {
      this.#retryLater();
    });
    this.#client = client;
    this.#retryMs = FIRST_RETRY_MS;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#retry) clearTimeout(this.#retry);
    await this.#client?.end();
  }

  #retryLater(): void {
    this.#client = null;
    if (this.#stopped) return;
    this.#retry = setTimeout(() => void this.#restart(), this.#retryMs);
    this.#retry.unref();
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  async #restart(): Promise<void> {
    try {
      await this.start();
    } catch (error) {
      this.#log.warn({ err: error }, "The database cannot be reached to hear of work; it is tried again.");
      this.#retryLater();
      return;
    }
    // Stopped while it was being made: nobody else will end it.
    if (this.#stopped) await this.stop();
    else this.#signal.wake();
  }
}
