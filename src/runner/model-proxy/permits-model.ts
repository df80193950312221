/** Claude Code takes these for the newest model of a kind, and names that one when it asks. */
const FAMILIES: ReadonlySet<string> = new Set(["opus", "sonnet", "haiku", "fable", "mythos"]);

/** Whether a request may ask for this model: by its name, its name with a snapshot's date, or its family. */
export function permitsModel(permitted: readonly string[], asked: string): boolean {
  return permitted.some((name) => {
    // Claude Code marks the long context at the name's end, and does not send the mark.
    const plain = name.replace(/\[\w+\]$/, "");
    if (asked === plain || withoutDate(asked) === plain) return true;
    return FAMILIES.has(plain) && asked.startsWith("claude-") && asked.split("-").includes(plain);
  });
}

function withoutDate(model: string): string {
  return model.replace(/-(?:\d{8}|\d{4}-\d{2}-\d{2})$/u, "");
}
