import { withoutSnapshot } from "../../contract/cost/price-table.ts";

/** Claude Code takes these for the newest model of a kind, and names that one when it asks. */
const FAMILIES: ReadonlySet<string> = new Set(["opus", "sonnet", "haiku", "fable", "mythos"]);

/** Whether a request may ask for this model: by its name, its name with a snapshot's date, or its family. */
export function permitsModel(permitted: readonly string[], asked: string): boolean {
  return permitted.map(plainModel).some((name) => {
    if (asked === name || withoutSnapshot(asked) === name) return true;
    return isFamily(name) && asked.startsWith("claude-") && asked.split("-").includes(name);
  });
}

/** Without the mark of a long context, which Claude Code wants at the name's end and does not send. */
export function plainModel(name: string): string {
  return name.replace(/\[\w+\]$/, "");
}

export function isFamily(name: string): boolean {
  return FAMILIES.has(plainModel(name));
}
