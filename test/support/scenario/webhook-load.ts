import { createHmac, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

/** What is sent again and again, each time as a new delivery. */
export type Sample = { readonly event: string; readonly body: string };

/** Webhooks on their way from many senders at once. */
export type WebhookLoad = {
  /** Ids that were acknowledged, in the order of the answers. */
  readonly acknowledged: readonly string[];
  /** How often each status was answered. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Statuses 503 without a word on when to come again. */
  readonly unhelpful: () => number;
  /** Resolves when so many are acknowledged. */
  readonly untilAcknowledged: (count: number) => Promise<void>;
  /** Resolves when every delivery that was begun is acknowledged. */
  readonly stop: () => Promise<void>;
  /** Leaves what is not acknowledged as it is. */
  readonly abandon: () => void;
};

const SENDERS = 8;

/** Senders come again after this, where GitHub would let a person do so. */
const RETRY_MS = 20;

/**
 * Sends signed webhooks without a pause, each until it is acknowledged: a delivery that was answered with nothing, or
 * with anything but 2xx, comes again under the same id.
 */
export function sendWebhooks(options: {
  /** Null while there is nobody to send to. */
  readonly url: () => string | null;
  readonly secret: string;
  readonly samples: readonly Sample[];
}): WebhookLoad {
  const samples = options.samples.map((sample) => ({
    ...sample,
    signature: sign(options.secret, sample.body),
  }));
  const acknowledged: string[] = [];
  const statuses = new Map<number, number>();
  let unhelpful = 0;
  let stopped = false;
  let abandoned = false;
  let waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  async function send(sample: (typeof samples)[number], id: string): Promise<boolean> {
    const url = options.url();
    if (url === null) return false;
    const answer = await fetch(`${url}/api/github/webhooks`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": sample.event,
        "x-github-delivery": id,
        "x-hub-signature-256": sample.signature,
      },
      body: sample.body,
    }).catch(() => null);
    if (answer === null) return false;
    await answer.arrayBuffer().catch(() => undefined);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    if (answer.status === 503 && answer.headers.get("retry-after") === null) unhelpful += 1;
    return answer.ok;
  }

  async function work(first: number): Promise<void> {
    for (let n = first; !stopped; n += SENDERS) {
      const sample = samples[n % samples.length];
      if (!sample) throw new Error("There is nothing to send.");
      const id = randomUUID();
      while (!(await send(sample, id))) {
        if (abandoned) return;
        await pause(RETRY_MS);
      }
      acknowledged.push(id);
      for (const { resolve } of waiting.filter(({ count }) => acknowledged.length >= count)) resolve();
      waiting = waiting.filter(({ count }) => acknowledged.length < count);
    }
  }

  const senders = Array.from({ length: SENDERS }, (_, index) => work(index));
  return {
    acknowledged,
    statuses,
    unhelpful: () => unhelpful,
    untilAcknowledged: (count) =>
      acknowledged.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ count, resolve })),
    async stop() {
      stopped = true;
      await Promise.all(senders);
    },
    abandon() {
      stopped = true;
      abandoned = true;
    },
  };
}

function sign(secret: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}
