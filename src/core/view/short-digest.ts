/** The beginning of a digest or commit, as GitHub shows commits; `/approve` takes it. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 7);
}
