import { MAX_REPORT_BYTES, type Report } from "../../contract/report.ts";
import { mapTexts } from "./map-texts.ts";
import type { Redactor } from "./redact.ts";

/** Masks the run's credentials in every text of the report, then makes it fit the limit of bytes. */
export function redactReport(report: Report, redactor: Redactor): Report {
  return fitReport(mapTexts(report, (text) => redactor.redact(text)));
}

/**
 * The contract counts characters of each text, and bytes of the whole: a diff full of escapes can keep the first limit
 * and break the second. Its end, and then the log's beginning, are given up.
 */
export function fitReport(report: Report): Report {
  if (report.outcome !== "failed") return report;
  let { failure } = report;
  while (byteLength({ ...report, failure }) > MAX_REPORT_BYTES) {
    failure =
      failure.diff !== ""
        ? { ...failure, diff: failure.diff.slice(0, Math.floor(failure.diff.length / 2)) }
        : { ...failure, logTail: failure.logTail.slice(Math.ceil(failure.logTail.length / 2)) };
    if (failure.diff === "" && failure.logTail === "") break;
  }
  return { ...report, failure };
}

function byteLength(report: Report): number {
  return Buffer.byteLength(JSON.stringify(report));
}
