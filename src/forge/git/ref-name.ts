/**
 * Whether git accepts the text as the full name of a reference: the rules of `git check-ref-format`,
 * checked here so that a name from a client can be refused without starting git.
 */
export function isRefName(name: string): boolean {
  if (!name.startsWith("refs/") || name.endsWith(".") || name.includes("..") || name.includes("@{")) {
    return false;
  }
  if (/[ ~^:?*[\\]/.test(name) || [...name].some(isControl)) return false;
  return name.split("/").every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"));
}

function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x20 || code === 0x7f;
}

/** `refs/heads/x` → `x`; `undefined` for any other reference. */
export function branchOfRef(ref: string): string | undefined {
  return ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : undefined;
}

/** `refs/tags/x` → `x`; `undefined` for any other reference. */
export function tagOfRef(ref: string): string | undefined {
  return ref.startsWith("refs/tags/") ? ref.slice("refs/tags/".length) : undefined;
}
