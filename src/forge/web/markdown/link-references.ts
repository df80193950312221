/** A stretch of plain text, with what in it refers to something the forge can open. */
export type TextPart =
  | { kind: "text"; text: string }
  | { kind: "mention"; text: string; login: string }
  | { kind: "issue"; text: string; repository: string | null; number: number }
  | { kind: "commit"; text: string; sha: string };

// GitHub links @logins, #numbers, owner/name#numbers and commit ids, but not inside words, paths or addresses.
const reference =
  /(?<![\w/@.&-])(?:@(?<login>[a-z\d][a-z\d-]{0,38}(?:\[bot\])?)|(?<repository>[\w.-]{1,39}\/[\w.-]{1,100})?#(?<number>\d{1,9})|(?<sha>[0-9a-f]{40}))(?![\w-])/gi;

/** Splits text at the references that GitHub turns into links. Joined again, the parts' texts are the input. */
export function splitReferences(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(reference)) {
    if (match.index > end) parts.push({ kind: "text", text: text.slice(end, match.index) });
    parts.push(referencePart(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
  return parts;
}

function referencePart(match: RegExpExecArray): TextPart {
  const text = match[0];
  const { login, repository, number, sha } = match.groups ?? {};
  if (login !== undefined) return { kind: "mention", text, login };
  if (sha !== undefined) return { kind: "commit", text, sha };
  return { kind: "issue", text, repository: repository ?? null, number: Number(number) };
}
