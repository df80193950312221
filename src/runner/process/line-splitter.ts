import { StringDecoder } from "node:string_decoder";

export const MAX_LINE_CHARACTERS = 16_384;

/**
 * Turns chunks of bytes into lines of text; bytes that are no UTF-8 become U+FFFD. A longer line than `maxCharacters`
 * is handed on in pieces, so that output without line ends cannot fill the memory.
 */
export function createLineSplitter(
  onLine: (line: string) => void,
  maxCharacters = MAX_LINE_CHARACTERS,
): {
  write(chunk: Buffer): void;
  end(): void;
} {
  const decoder = new StringDecoder("utf8");
  let rest = "";

  function take(text: string): void {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) emit(line);
    while (rest.length > maxCharacters) {
      onLine(rest.slice(0, maxCharacters));
      rest = rest.slice(maxCharacters);
    }
  }

  function emit(line: string): void {
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    for (let start = 0; start === 0 || start < text.length; start += maxCharacters) {
      onLine(text.slice(start, start + maxCharacters));
    }
  }

  return {
    write: (chunk) => {
      take(decoder.write(chunk));
    },
    end: () => {
      take(decoder.end());
      if (rest !== "") emit(rest);
      rest = "";
    },
  };
}
