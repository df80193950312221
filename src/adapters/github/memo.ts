/**
 * What was learnt of GitHub and stays true, so that it is not asked again. Bounded: the oldest entry goes first, and
 * forgetting one costs a request, never correctness.
 */
export class Memo<Value> {
  readonly #known = new Map<string, Value>();
  readonly #most: number;

  constructor(most = 10_000) {
    this.#most = most;
  }

  get(key: string): Value | undefined {
    return this.#known.get(key);
  }

  set(key: string, value: Value): void {
    this.#known.delete(key);
    this.#known.set(key, value);
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.#most && oldest !== undefined) this.#known.delete(oldest);
  }
}
