import { html, type Html } from "../html.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Says how long ago `isoTime` was, no finer than a minute, so that a page that nothing changed stays the same. */
export function describeAge(isoTime: string, nowMs: number): string {
  const ageMs = nowMs - Date.parse(isoTime);
  if (ageMs < minuteMs) return "just now";
  if (ageMs < hourMs) return count(Math.floor(ageMs / minuteMs), "minute");
  if (ageMs < dayMs) return count(Math.floor(ageMs / hourMs), "hour");
  if (ageMs < 30 * dayMs) return count(Math.floor(ageMs / dayMs), "day");
  return `on ${isoTime.slice(0, 10)}`;
}

function count(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? "" : "s"} ago`;
}

export function timeAgo(isoTime: string, nowMs: number): Html {
  return html`<time datetime="${isoTime}" title="${isoTime.replace("T", " ").replace("Z", " UTC")}"
    >${describeAge(isoTime, nowMs)}</time
  >`;
}

/** A length of time as people write it on a stopwatch: `0s`, `42s`, `3m 07s`, `1h 02m`. */
export function describeDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${String(seconds % 60).padStart(2, "0")}s`;
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, "0")}m`;
}
