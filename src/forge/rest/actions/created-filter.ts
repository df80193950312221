/** GitHub's search syntax for dates: `2024-01-01`, `>=2024-01-01`, `2024-01-01..2024-02-01`, `*` for an open end. */
export function createdFilter(text: string | undefined): (createdAt: string) => boolean {
  if (text === undefined) return () => true;
  const [from = "", to] = text.split("..");
  if (to !== undefined) return (at) => (from === "*" || at >= from) && (to === "*" || at <= endOfDay(to));
  const [, operator = "", date = ""] = /^(>=|<=|>|<)?(.*)$/.exec(text) ?? [];
  switch (operator) {
    case ">":
      return (at) => at > endOfDay(date);
    case ">=":
      return (at) => at >= date;
    case "<":
      return (at) => at < date;
    case "<=":
      return (at) => at <= endOfDay(date);
    default:
      return (at) => at.startsWith(date);
  }
}

/** A date without a time stands for its whole day; `~` sorts after everything in a timestamp. */
function endOfDay(date: string): string {
  return date.includes("T") ? date : `${date}~`;
}
