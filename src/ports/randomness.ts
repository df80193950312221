/** Randomness that must not be guessed, and numbers that may: the only sources of either above core. */
export interface Randomness {
  /** 256 bits, URL-safe: a bearer token. */
  token(): string;
  /** In [0, 1): recorded where a decision draws on it. */
  draw(): number;
}
