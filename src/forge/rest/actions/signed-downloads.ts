import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** GitHub's links to logs and artifacts expire after a minute. */
const lifetimeMs = 60_000;

/**
 * Addresses that whoever holds them may read for a minute. GitHub answers requests for logs and artifacts with a
 * redirect to such an address on another host, where the token must not be sent.
 */
export class SignedDownloads {
  readonly #key = randomBytes(32);
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** @returns `path` with an expiry and a signature as its query */
  sign(path: string): string {
    const expires = String(this.#now().getTime() + lifetimeMs);
    return `${path}?se=${expires}&sig=${this.#signature(path, expires)}`;
  }

  verify(path: string, query: { se?: string; sig?: string }): boolean {
    const { se = "", sig = "" } = query;
    const expected = Buffer.from(this.#signature(path, se));
    const given = Buffer.from(sig);
    const isGenuine = given.length === expected.length && timingSafeEqual(given, expected);
    return isGenuine && Number(se) > this.#now().getTime();
  }

  #signature(path: string, expires: string): string {
    return createHmac("sha256", this.#key).update(`${path}\n${expires}`).digest("hex");
  }
}
