/** A sentence as a `text` column takes it: PostgreSQL has no U+0000 in texts. */
export function storableText(text: string): string {
  return text.replaceAll("\u0000", "\ufffd").toWellFormed();
}
