import { html, type Html } from "../html.ts";
import { icon } from "../pieces/icon.ts";
import type { AnsiPart } from "./parse-ansi.ts";
import { parseLog, type LogGroup, type LogLine } from "./parse-log.ts";

/** Enough for a reader; the raw log has the rest. */
const maxShownLines = 4000;

interface LogViewOptions {
  log: string;
  /** Begins the ids of groups, which keep them open while the log grows. */
  key: string;
  /** Address of the whole log as text. */
  rawHref: string;
}

export function logView({ log, key, rawHref }: LogViewOptions): Html {
  const lines = log.replace(/\n$/, "").split("\n");
  const omitted = Math.max(0, lines.length - maxShownLines);
  const nodes = parseLog(lines.slice(omitted).join("\n"));
  return html`<div class="log">
    ${
      omitted > 0 &&
      html`<p class="log-line" data-line="">
        <span><a href="${rawHref}">${omitted} earlier lines</a> are not shown here.</span>
      </p>`
    }
    ${nodes.map((node) =>
      node.kind === "group" ? groupView(node, { key, offset: omitted }) : lineView(node, omitted),
    )}
  </div>`;
}

function groupView(group: LogGroup, { key, offset }: { key: string; offset: number }): Html {
  return html`<details class="log-group" id="${key}-group-${group.number + offset}">
    <summary>${icon("chevron")}<span>${group.title}</span></summary>
    ${group.lines.map((line) => lineView(line, offset))}
  </details>`;
}

function lineView(line: LogLine, offset: number): Html {
  const level = line.level === "plain" ? "" : ` log-${line.level}`;
  const name = line.level === "error" || line.level === "warning" ? `${capital(line.level)}: ` : "";
  return html`<div class="log-line${level}" data-line="${line.number + offset}">
    <span>${name}${line.parts.map(partView)}</span>
  </div>`;
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function partView({ text, classes }: AnsiPart): Html | string {
  return classes.length === 0 ? text : html`<span class="${classes.join(" ")}">${text}</span>`;
}
