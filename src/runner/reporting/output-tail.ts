/** What `logTail` of a failure may hold (src/contract/failure.ts). */
const MAX_CHARACTERS = 20_000;

/** Keeps the last lines of a long output. */
export function createOutputTail(): { add(line: string): void; text(): string } {
  const lines: string[] = [];
  let characters = 0;
  return {
    add(line) {
      lines.push(line);
      characters += line.length + 1;
      while (characters > MAX_CHARACTERS) characters -= (lines.shift() ?? "").length + 1;
    },
    text: () => lines.join("\n"),
  };
}
