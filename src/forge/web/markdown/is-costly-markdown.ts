/** Deeper than people nest quotes and lists, and far below where parsing time, quadratic in the depth, is felt. */
const maxContainerDepth = 60;

/** Emphasis marks are matched pairwise, in quadratic time; 4,000 of them in one paragraph take about 0.3 s. */
const maxEmphasisMarks = 4000;

/** Says whether a text would take the parser seconds, as only a text made for that purpose does. */
export function isCostlyMarkdown(source: string): boolean {
  return source.split(/\n[ \t]*\n/).some(hasManyEmphasisMarks) || source.split("\n").some(isDeeplyNested);
}

function hasManyEmphasisMarks(paragraph: string): boolean {
  return (paragraph.match(/[*_~]+/g)?.length ?? 0) > maxEmphasisMarks;
}

function isDeeplyNested(line: string): boolean {
  const marker = /[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))/y;
  let depth = 0;
  while (depth <= maxContainerDepth && marker.test(line)) depth += 1;
  return depth > maxContainerDepth;
}
