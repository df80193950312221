import { randomUUID } from "node:crypto";
import type { Notice } from "../pieces/notice.ts";

/** What a form leaves for the page that follows it. */
interface Message {
  notice: Notice;
  /** What was typed into a refused form, by field, so that nothing has to be typed again. */
  draft: Draft | null;
}

export interface Draft {
  /** Path that the form was sent to. */
  action: string;
  fields: Readonly<Record<string, string>>;
}

const maxMessages = 200;

/** Messages between a form and the page it redirects to; each is shown once. */
export class MessageStore {
  readonly #messages = new Map<string, Message>();

  /** @returns the key that `take` wants. */
  put(message: Message): string {
    const key = randomUUID();
    this.#messages.set(key, message);
    const [oldest] = this.#messages.keys();
    if (this.#messages.size > maxMessages && oldest !== undefined) this.#messages.delete(oldest);
    return key;
  }

  take(key: string): Message | null {
    const message = this.#messages.get(key) ?? null;
    this.#messages.delete(key);
    return message;
  }
}
