/** Who did something, each once, in the order they did: "alice and bob". */
export function namesOf(done: readonly { readonly by: string }[]): string {
  const names = [...new Set(done.map(({ by }) => by))];
  const last = names.at(-1) ?? "nobody";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
