/** A file's path as part of an address. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** The parts of an address below `/owner/name/<page>/`, decoded; null when they are not valid UTF-8. */
export function addressTail(url: string): string | null {
  const parts = new URL(url).pathname.split("/").slice(4);
  try {
    return parts.map(decodeURIComponent).join("/").replace(/\/+$/, "");
  } catch {
    return null;
  }
}

/**
 * Parts `<reference>/<path>`, where both may hold slashes: the longest name of a branch or tag that fits wins, else
 * the first part is a commit.
 */
export function splitReference(tail: string, names: readonly string[]): { reference: string; path: string } {
  const fitting = names.filter((name) => tail === name || tail.startsWith(`${name}/`));
  const slash = tail.indexOf("/");
  const reference =
    fitting.sort((one, other) => other.length - one.length)[0] ?? (slash < 0 ? tail : tail.slice(0, slash));
  return { reference, path: tail.slice(reference.length + 1) };
}
