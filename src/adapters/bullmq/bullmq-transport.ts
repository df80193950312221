import { Queue } from "bullmq";
import type { EffectId } from "../../base/ids.ts";
import type { Log } from "../../ports/log.ts";
import type { Turn } from "../../ports/task-store.ts";
import type { TurnEnd, TurnTransport } from "../../ports/turn-transport.ts";
import { connectRedis, warnOfEviction } from "./connect-redis.ts";
import type { EndedTurn, TurnJob } from "./turn-queue.ts";
import { channelOf, JOB, jobIdOf, QUEUE, readEndedTurns } from "./turn-queue.ts";

type Carried = {
  readonly turn: Turn;
  /** As of `performance.now()`. */
  readonly sinceMs: number;
  readonly end: (end: TurnEnd) => void;
};

/**
 * How often what has not ended is handed over again. Redis takes a job once that it still has, so this costs little,
 * and whatever got lost, the job or the word of its end, comes right.
 */
const AGAIN_MS = 5_000;

/** Hands turns over through a queue in Redis, whatever process takes them there. */
export function createBullmqTransport(url: string, log: Log): TurnTransport {
  return new BullmqTransport(url, log);
}

class BullmqTransport implements TurnTransport {
  readonly isShared = true;
  readonly #log: Log;
  readonly #redis;
  readonly #subscriber;
  readonly #queue: Queue<TurnJob>;
  readonly #again: NodeJS.Timeout;
  readonly #carried = new Map<EffectId, Carried>();
  #unsent: Turn[] = [];
  #isSending = false;

  constructor(url: string, log: Log) {
    this.#log = log;
    this.#redis = connectRedis(url, log);
    this.#subscriber = this.#redis.duplicate();
    this.#queue = new Queue(QUEUE, { connection: this.#redis, skipVersionCheck: true });
    this.#again = setInterval(() => {
      this.#sendAgain(performance.now() - AGAIN_MS);
    }, AGAIN_MS);
    this.#listen();
  }

  carry(turn: Turn): Promise<TurnEnd> {
    return new Promise((end) => {
      this.#carried.set(turn.first, { turn, sinceMs: performance.now(), end });
      this.#unsent.push(turn);
      if (this.#unsent.length === 1 && !this.#isSending) queueMicrotask(() => void this.#sendAll());
    });
  }

  async stop(): Promise<void> {
    clearInterval(this.#again);
    // What is left in the queue is for the workers, and what they do not take is handed over at the next start.
    this.#subscriber.disconnect();
    this.#redis.disconnect();
    await this.#queue.close().catch(() => undefined);
  }

  #listen(): void {
    // The first connection says that Redis is away.
    this.#subscriber.on("error", () => undefined);
    this.#queue.on("error", () => undefined);
    this.#subscriber.on("message", (_channel: string, message: string) => {
      const turns = readEndedTurns(message);
      if (!turns)
        this.#log.warn({ message: message.slice(0, 200) }, "A message in Redis is not Baton's; ignored");
      for (const ended of turns ?? []) this.#end(ended);
    });
    this.#subscriber.subscribe(channelOf(this.#redis.options.db ?? 0)).catch(() => undefined);
    this.#redis.on("ready", () => {
      // A Redis that was away may have forgotten everything.
      this.#sendAgain(Infinity);
      warnOfEviction(this.#redis, this.#log).catch(() => undefined);
    });
  }

  #end({ first, end }: EndedTurn): void {
    this.#carried.get(first)?.end(end);
    this.#carried.delete(first);
  }

  #sendAgain(sentBeforeMs: number): void {
    const old = [...this.#carried.values()].filter(({ sinceMs }) => sinceMs < sentBeforeMs);
    void this.#send(old.map(({ turn }) => turn));
  }

  /** What comes while some are being sent is sent together after them. */
  async #sendAll(): Promise<void> {
    this.#isSending = true;
    while (this.#unsent.length > 0) await this.#send(this.#unsent.splice(0));
    this.#isSending = false;
  }

  async #send(turns: readonly Turn[]): Promise<void> {
    // What is not sent now is sent when Redis is back.
    if (turns.length === 0 || this.#redis.status !== "ready") return;
    const jobs = turns.map(({ task, first }) => ({
      name: JOB,
      data: { task, first },
      opts: { jobId: jobIdOf(first) },
    }));
    try {
      await this.#queue.addBulk(jobs);
    } catch (error) {
      this.#log.warn({ err: error }, "Turns could not be put into Redis; they are handed over again");
    }
  }
}
