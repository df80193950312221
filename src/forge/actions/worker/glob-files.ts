import { readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

import picomatch from "picomatch";

export interface GlobOptions {
  /** Relative patterns start here. */
  root: string;
  /** Whether files and directories whose name starts with a dot are found. */
  hidden: boolean;
}

/**
 * The files (not directories) that a list of patterns finds, sorted; a pattern that names a directory finds all
 * in it, `!` takes away what earlier patterns found, as in @actions/glob.
 */
export function globFiles(patterns: readonly string[], options: GlobOptions): string[] {
  const found = new Set<string>();
  for (const pattern of patterns) {
    if (pattern.startsWith("!")) {
      for (const file of filesOf(pattern.slice(1), options.root)) found.delete(file);
    } else {
      for (const file of filesOf(pattern, options.root)) found.add(file);
    }
  }
  const files = [...found].filter((file) => options.hidden || !isHidden(file, options.root));
  return files.sort();
}

/** The lines of a multi-line input, without comments. */
export function patternLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** The part of a pattern before its first wildcard: where the search starts. */
export function searchRoot(pattern: string, root: string): string {
  const segments = resolve(root, pattern).split(sep);
  const wildcard = segments.findIndex((segment) => /[*?[\]{}]/.test(segment));
  return (wildcard < 0 ? segments : segments.slice(0, wildcard)).join(sep) || sep;
}

/** Node's own glob never finds what starts with a dot, so the tree is walked here. */
function filesOf(pattern: string, root: string): string[] {
  const start = searchRoot(pattern, root);
  const stat = statSync(start, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return [start];
  const isMatch = picomatch(resolve(root, pattern), { dot: true });
  const entries = readdirSync(start, { recursive: true, withFileTypes: true });
  const matches = (path: string): boolean => isMatch(path) || (path !== start && matches(dirname(path)));
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => isMatch(start) || matches(file));
}

function isHidden(file: string, root: string): boolean {
  return relative(root, file)
    .split(sep)
    .some((segment) => segment.startsWith(".") && segment !== ".." && segment !== ".");
}
