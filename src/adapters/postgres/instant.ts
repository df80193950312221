/** Milliseconds since 1970 of an ISO 8601 time. Throws for what is no time. */
export function instant(at: string): number {
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) throw new RangeError(`"${at}" is no time.`);
  return ms;
}
