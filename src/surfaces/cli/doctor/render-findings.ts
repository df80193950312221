import type { Finding, Verdict } from "./finding.ts";

const MARKS: Readonly<Record<Verdict, string>> = { fine: "✔", note: "•", danger: "✘" };

/** One line a finding, the topics in a column, and what it all comes to. */
export function renderFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ topic }) => topic.length));
  const lines = findings.map(
    ({ topic, verdict, says }) => `${MARKS[verdict]} ${topic.padEnd(width)}  ${says}`,
  );
  return [...lines, "", conclude(findings.filter(({ verdict }) => verdict === "danger").length)].join("\n");
}

function conclude(dangers: number): string {
  if (dangers === 0) return "Nothing endangers the data.";
  return `${dangers === 1 ? "One finding endangers" : `${dangers} findings endanger`} the data.`;
}
