/**
 * A line of somebody else's output as it can stand in the run's log: the log takes lines that begin with `::`, and
 * `##[` anywhere in a line, as commands to the runner, and terminals obey control characters.
 */
export function plainLine(text: string): string {
  return `│ ${text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").replaceAll("##[", "# #[")}`;
}
