/**
 * Whether a symlink at `path` with this target may lead out of the repository, or to git's own directory in it. A
 * target that goes up after it went down is refused too: what it passes may be a symlink itself, and then "up" leads
 * somewhere else than the text says.
 */
export function symlinkEscapes(path: string, target: string): boolean {
  if (target === "" || target.includes("\0") || target.startsWith("/")) return true;
  // Windows reads these as a drive or a share.
  if (/^[A-Za-z]:|\\/.test(target)) return true;
  const segments = target.split("/").filter((segment) => segment !== "" && segment !== ".");
  const down = segments.findIndex((segment) => segment !== "..");
  const up = down === -1 ? segments.length : down;
  const depth = path.split("/").length - 1;
  return (
    up > depth || segments.slice(up).some((segment) => segment === ".." || segment.toLowerCase() === ".git")
  );
}
