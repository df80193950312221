import type { Briefing } from "../../contract/briefing.ts";
import type { Report } from "../../contract/report.ts";

/** The run's summary page: what came of the attempt, for somebody who clicked through from the issue. */
export function summarizeReport(briefing: Briefing, report: Report): string {
  const title = `## ${briefing.stage}, attempt ${briefing.attemptNumber} of #${briefing.issue.number}`;
  return `${title}\n\n${describe(report)}\n`;
}

function describe(report: Report): string {
  switch (report.outcome) {
    case "done": {
      const verdict = report.verdict === undefined ? "" : `Verdict: **${report.verdict}**\n\n`;
      const work =
        report.bundle === undefined ? "" : "\n\nIts changes are checked and pushed by the deliver job.";
      return `${verdict}${report.summary}${work}`;
    }
    case "failed":
      return `❌ ${report.failure.summary}`;
    case "question":
      return `The agent asks:\n\n${report.question}`;
    case "cancelled":
      return "Stopped before it was done.";
  }
}
