import { stripVTControlCharacters } from "node:util";
import type { ProbotOctokit } from "probot";
import type { Repository } from "../../core/task/state.ts";
import { orNull } from "./client/request-failure.ts";
import { coordinates } from "./coordinates.ts";
import { tail } from "./truncate.ts";

/** Every line of a job's log begins with its time, to a tenth of a microsecond. */
const TIMESTAMP = /^\uFEFF?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z ?/gm;

/** Bytes kept while reading for each character wanted: timestamps and colours go away, and UTF-8 may take four. */
const BYTES_PER_CHARACTER = 8;

/**
 * The end of what a job of GitHub Actions printed, without timestamps and colours; null when GitHub has no log of it.
 * Logs can be huge: no more than the end is ever held.
 */
export async function readJobLogTail(
  octokit: ProbotOctokit,
  job: { readonly repository: Repository; readonly jobId: number; readonly maxCharacters: number },
): Promise<string | null> {
  const answer = await orNull(
    octokit.rest.actions.downloadJobLogsForWorkflowRun({
      ...coordinates(job.repository),
      job_id: job.jobId,
      request: { parseSuccessResponseBody: false },
    }),
  );
  if (answer === null) return null;
  // Told not to parse it, Octokit gives the body as it comes; its types do not say so.
  const end = await readEnd(
    answer.data as AsyncIterable<Uint8Array>,
    job.maxCharacters * BYTES_PER_CHARACTER,
  );
  return tail(cleanLog(end.toString("utf8")), job.maxCharacters);
}

export function cleanLog(log: string): string {
  return stripVTControlCharacters(log.replaceAll("\r\n", "\n").replace(TIMESTAMP, "")).trimEnd();
}

async function readEnd(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  let end = Buffer.alloc(0);
  for await (const chunk of body) {
    end = Buffer.concat([end, chunk]);
    if (end.length > 2 * maxBytes) end = end.subarray(-maxBytes);
  }
  return end.subarray(-maxBytes);
}
