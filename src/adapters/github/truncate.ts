/** GitHub refuses longer comments and pull request bodies. */
export const MAX_COMMENT_CHARACTERS = 65_536;
/** GitHub refuses longer summaries and texts of check runs. */
export const MAX_SUMMARY_CHARACTERS = 65_535;

const CUT = "\n\n_(cut: GitHub takes no more than this)_";

/** The text, or as much of its start as fits with a note that it was cut. */
export function truncate(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const kept = text.slice(0, maxCharacters - CUT.length);
  // Half of a pair of surrogates is no valid text: GitHub would refuse the whole.
  return `${kept.isWellFormed() ? kept : kept.slice(0, -1)}${CUT}`;
}

/** The last `maxCharacters` of the text, from the start of a line where there is one. */
export function tail(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const kept = text.slice(-maxCharacters);
  const lineEnd = kept.indexOf("\n");
  return lineEnd === -1 ? kept.slice(kept.isWellFormed() ? 0 : 1) : kept.slice(lineEnd + 1);
}
