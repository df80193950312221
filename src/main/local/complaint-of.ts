/** What node's parser of options complains of: its first sentence, since the others are advice for its programmer. */
export function complaintOf(error: unknown): string {
  if (!(error instanceof TypeError)) throw error;
  const [sentence = error.message] = error.message.split(/\.\s|\n/);
  return `${sentence.replace(/\.$/, "")}.`;
}
