import { describeDuration } from "../pieces/time-ago.ts";
import type { JobView } from "./run-view.ts";

/** How long a job took or has taken so far, to stand behind its state; empty for one that never started. */
export function jobDuration(job: JobView, nowMs: number): string {
  if (job.startedAt === null || job.look.text === "Skipped") return "";
  const end = job.completedAt === null ? nowMs : Date.parse(job.completedAt);
  return ` · ${describeDuration(end - Date.parse(job.startedAt))}`;
}
