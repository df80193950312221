import type { Caller } from "../hub/caller.ts";

export interface RateBudget {
  limit: number;
  used: number;
  remaining: number;
  /** Seconds since the epoch. */
  reset: number;
}

const hourSeconds = 3600;

/** Requests per caller and hour, in memory: GitHub's windows do not outlive much either. */
export class RateLimiter {
  readonly #limit: number;
  readonly #now: () => Date;
  readonly #windows = new Map<string, { used: number; reset: number }>();

  constructor(limit: number, now: () => Date) {
    this.#limit = limit;
    this.#now = now;
  }

  peek(caller: Caller): RateBudget {
    const { used, reset } = this.#window(caller);
    return { limit: this.#limit, used, remaining: Math.max(0, this.#limit - used), reset };
  }

  /** @returns whether the caller still had a request left. */
  spend(caller: Caller): boolean {
    const window = this.#window(caller);
    if (window.used >= this.#limit) return false;
    window.used += 1;
    return true;
  }

  /** Conditional requests answered 304 cost nothing. */
  refund(caller: Caller): void {
    const window = this.#window(caller);
    window.used = Math.max(0, window.used - 1);
  }

  #window(caller: Caller): { used: number; reset: number } {
    const key = budgetKey(caller);
    const nowSeconds = Math.floor(this.#now().getTime() / 1000);
    let window = this.#windows.get(key);
    if (window === undefined || window.reset <= nowSeconds) {
      window = { used: 0, reset: nowSeconds + hourSeconds };
      this.#windows.set(key, window);
    }
    return window;
  }
}

/** Tokens of one owner share a budget: new tokens do not bring new requests. */
function budgetKey(caller: Caller): string {
  switch (caller.kind) {
    case "anonymous":
      return "anonymous";
    case "user":
      return `user:${caller.account.id}`;
    case "app":
      return `app:${caller.app.id}`;
    case "installation":
      return `installation:${caller.installation.id}`;
    case "job":
      return `repository:${caller.repositoryId}`;
  }
}
