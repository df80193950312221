/** A stretch of text with the same look; classes are the stylesheet's. */
export interface AnsiPart {
  text: string;
  classes: string[];
}

const colors = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

interface Look {
  color: string | null;
  marks: Set<string>;
}

/**
 * Reads the colours that programs write for terminals: the sixteen foreground colours, bold, dim, italic and
 * underline. Every other escape sequence is dropped, since no page can move a cursor.
 */
export function parseAnsi(line: string): AnsiPart[] {
  const look: Look = { color: null, marks: new Set() };
  const parts: AnsiPart[] = [];
  // The sequences of ECMA-48: CSI … final byte, OSC … BEL or ST, and two-character escapes.
  const sequence = /\x1b\[([0-?]*)[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-_]?/g;
  let end = 0;
  for (const match of line.matchAll(sequence)) {
    push(parts, line.slice(end, match.index), look);
    end = match.index + match[0].length;
    if (match[2] === "m") applyCodes(look, match[1] ?? "");
  }
  push(parts, line.slice(end), look);
  return parts;
}

function push(parts: AnsiPart[], text: string, look: Look): void {
  if (text === "") return;
  const classes = [...look.marks, ...(look.color === null ? [] : [look.color])].map((name) => `ansi-${name}`);
  parts.push({ text, classes });
}

const marks: Readonly<Record<number, string>> = { 1: "bold", 2: "dim", 3: "italic", 4: "underline" };

function applyCodes(look: Look, list: string): void {
  const codes = list.split(/[;:]/).map(Number);
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    if (code === 38 || code === 48) {
      // A colour by number or by red, green and blue: its parameters are not codes of their own.
      index += codes[index + 1] === 5 ? 2 : 4;
      continue;
    }
    applyCode(look, code);
  }
}

function applyCode(look: Look, code: number): void {
  const mark = marks[code];
  if (mark !== undefined) look.marks.add(mark);
  else if (code === 0) {
    look.marks.clear();
    look.color = null;
  } else if (code === 22) {
    look.marks.delete("bold");
    look.marks.delete("dim");
  } else if (code === 23) look.marks.delete("italic");
  else if (code === 24) look.marks.delete("underline");
  else if (code === 39) look.color = null;
  else if (code >= 30 && code <= 37) look.color = colors[code - 30] ?? null;
  else if (code >= 90 && code <= 97) look.color = colors[code - 90] ?? null;
}
