import { parseAnsi, type AnsiPart } from "./parse-ansi.ts";

type LogLevel = "plain" | "error" | "warning" | "notice" | "debug" | "command";

export interface LogLine {
  kind: "line";
  /** From one, over the whole log. */
  number: number;
  level: LogLevel;
  parts: AnsiPart[];
}

export interface LogGroup {
  kind: "group";
  number: number;
  title: string;
  lines: LogLine[];
}

const levels = new Set<string>(["error", "warning", "notice", "debug", "command"]);

/**
 * Reads a log of the Actions runner: a time stamp before each line, `##[group]` to `##[endgroup]`, and levels such
 * as `##[error]`. A group also ends where the next one begins, and with the log.
 */
export function parseLog(log: string): (LogLine | LogGroup)[] {
  const nodes: (LogLine | LogGroup)[] = [];
  let group: LogGroup | null = null;
  for (const [index, text] of log.replace(/\n$/, "").split("\n").entries()) {
    const line = parseLine(text, index + 1);
    if (line.marker === "endgroup") {
      group = null;
    } else if (line.marker === "group") {
      group = { kind: "group", number: index + 1, title: line.text, lines: [] };
      nodes.push(group);
    } else {
      (group?.lines ?? nodes).push(viewLine(line));
    }
  }
  return nodes;
}

interface RawLine {
  number: number;
  marker: string | null;
  text: string;
}

function parseLine(line: string, number: number): RawLine {
  const text = line.replace(/\r$/, "").replace(/^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z ?/, "");
  const match = /^##\[(\w+)\](.*)$/s.exec(text);
  if (!match) return { number, marker: null, text };
  return { number, marker: match[1] ?? null, text: match[2] ?? "" };
}

function viewLine({ number, marker, text }: RawLine): LogLine {
  if (marker === null) return { kind: "line", number, level: "plain", parts: parseAnsi(text) };
  if (levels.has(marker)) return { kind: "line", number, level: marker as LogLevel, parts: parseAnsi(text) };
  return { kind: "line", number, level: "plain", parts: parseAnsi(`##[${marker}]${text}`) };
}
