import type { ToolUseResult } from "./claude-line.ts";

/** What a tool changed in a file, as people know it; null where it changed none, or made a new one. */
export function unifiedDiff(result: ToolUseResult | undefined): string | null {
  const { filePath, structuredPatch = [] } = result ?? {};
  if (filePath === undefined || structuredPatch.length === 0) return null;
  const hunks = structuredPatch.map(({ oldStart, oldLines, newStart, newLines, lines }) =>
    [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`, ...lines].join("\n"),
  );
  return [`--- ${filePath}`, `+++ ${filePath}`, ...hunks, ""].join("\n");
}
