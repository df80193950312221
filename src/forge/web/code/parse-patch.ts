type DiffLineKind = "context" | "added" | "removed" | "note";

export interface DiffLine {
  kind: DiffLineKind;
  /** Line number in the old file; absent for added lines and notes. */
  oldNumber?: number;
  /** Line number in the new file; absent for removed lines and notes. */
  newNumber?: number;
  text: string;
}

export interface DiffHunk {
  /** The `@@ … @@` line as git wrote it, with the enclosing function if git named one. */
  header: string;
  lines: DiffLine[];
}

/**
 * Reads the hunks of one file's unified diff, as git prints them and as GitHub's `patch` field carries them.
 * Whatever comes before the first hunk (git's file headers) is left out.
 */
export function parsePatch(patch: string): DiffHunk[] {
  const hunks: DiffHunk[] = [];
  let oldNumber = 0;
  let newNumber = 0;
  for (const line of patch.replace(/\n$/, "").split("\n")) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (header) {
      oldNumber = Number(header[1]);
      newNumber = Number(header[2]);
      hunks.push({ header: line, lines: [] });
      continue;
    }
    const hunk = hunks.at(-1);
    if (!hunk) continue;
    const text = line.slice(1);
    if (line.startsWith("+")) hunk.lines.push({ kind: "added", newNumber: newNumber++, text });
    else if (line.startsWith("-")) hunk.lines.push({ kind: "removed", oldNumber: oldNumber++, text });
    else if (line.startsWith("\\")) hunk.lines.push({ kind: "note", text: text.trim() });
    else hunk.lines.push({ kind: "context", oldNumber: oldNumber++, newNumber: newNumber++, text });
  }
  return hunks;
}
