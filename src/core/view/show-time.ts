/** An instant as people read it in a comment, to the minute: "2026-11-20 14:03 UTC". Comments have no clock. */
export function showTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** An instant to the second, where seconds matter to who reads it: "2026-11-20 14:03:30 UTC". */
export function showInstant(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}
