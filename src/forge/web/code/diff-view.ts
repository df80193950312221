import { createHash } from "node:crypto";
import type { ChangedFile } from "../../git/changed-files.ts";
import { html, type Html, type HtmlContent } from "../html.ts";
import { icon } from "../pieces/icon.ts";
import { encodePath } from "./code-path.ts";
import { markChanges, type MarkedLine } from "./mark-changes.ts";
import { parsePatch, type DiffHunk, type DiffLine } from "./parse-patch.ts";

/** Longer diffs start closed, and past the second number they are not sent at all. */
const maxOpenLines = 500;
const maxLinesInAll = 20_000;

interface DiffView {
  files: readonly ChangedFile[];
  /** `owner/name` and the commit that the new side is, for links to whole files. */
  fullName: string;
  sha: string;
}

export function diffView({ files, fullName, sha }: DiffView): Html {
  if (files.length === 0) return html`<div class="box empty"><p>Nothing differs.</p></div>`;
  let lines = 0;
  const parts = files.map((file) => {
    const hunks = parsePatch(file.patch ?? "");
    const length = hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
    lines += length;
    const href = file.status === "removed" ? null : `/${fullName}/blob/${sha}/${encodePath(file.path)}`;
    return fileDiff(file, {
      href,
      isOpen: length <= maxOpenLines,
      body: lines > maxLinesInAll ? null : hunkTable(hunks),
    });
  });
  return html`<div class="stack">${parts}</div>`;
}

/** How many files and lines changed. */
export function changeSummary(files: readonly ChangedFile[]): Html {
  const sum = (count: (file: ChangedFile) => number): number =>
    files.reduce((total, file) => total + count(file), 0);
  return html`${files.length === 1 ? "1 file" : `${files.length} files`} changed,
  ${diffStat(
    sum((file) => file.additions),
    sum((file) => file.deletions),
  )}`;
}

export function diffStat(additions: number, deletions: number): Html {
  return html`<span class="diff-stat"
    ><span class="tone-good"
      ><span aria-hidden="true">+</span>${additions}<span class="visually-hidden"> lines added</span></span
    ><span class="tone-bad"
      ><span aria-hidden="true">−</span>${deletions}<span class="visually-hidden"> lines removed</span></span
    ></span
  >`;
}

/** Anchor of a file within the page of changes. */
function diffAnchor(path: string): string {
  return `diff-${createHash("sha256").update(path).digest("hex").slice(0, 16)}`;
}

interface FileDiffParts {
  href: string | null;
  isOpen: boolean;
  /** Null when there is too much to show. */
  body: Html | null;
}

function fileDiff(file: ChangedFile, { href, isOpen, body }: FileDiffParts): Html {
  return html`<details class="box file-diff" id="${diffAnchor(file.path)}" ${isOpen && html`open`}>
    <summary class="box-header">
      ${icon("chevron")}
      <span class="file-path"
        >${file.previousPath !== undefined && html`${file.previousPath} → `}${file.path}</span
      >
      ${file.status !== "modified" && html`<span class="tag">${describeStatus(file)}</span>`}
      <span class="push">${diffStat(file.additions, file.deletions)}</span>
      ${href !== null && html`<a class="small" href="${href}">View file</a>`}
    </summary>
    ${fileBody(file, body)}
  </details>`;
}

function describeStatus(file: ChangedFile): string {
  return file.status === "changed" ? "type changed" : file.status;
}

function fileBody(file: ChangedFile, body: Html | null): Html {
  const note = (text: string): Html => html`<p class="box-body muted">${text}</p>`;
  if (body === null) return note("There is too much to show here; fetch the branch to see it.");
  if (file.patch !== undefined) return body;
  if (file.status === "renamed") return note("Renamed without a change to its content.");
  return note(
    file.additions + file.deletions > 0
      ? "This change is too large to show."
      : "Nothing to show: the file is binary, empty, or only its mode changed.",
  );
}

function hunkTable(hunks: readonly DiffHunk[]): Html {
  return html`<div class="code-scroll" tabindex="0">
    <table class="code-table">
      <caption class="visually-hidden">
        Changes
      </caption>
      ${hunks.map(
        (hunk) =>
          html`<tr class="diff-hunk">
              <td class="line-number"></td>
              <td class="line-number"></td>
              <td>${hunk.header}</td>
            </tr>
            ${hunkRows(hunk)}`,
      )}
    </table>
  </div>`;
}

function hunkRows(hunk: DiffHunk): Html[] {
  const marks = pairLines(hunk.lines);
  return hunk.lines.map((line) => lineRow(line, marks.get(line)));
}

const signs = { added: "+", removed: "−", context: " ", note: " " } as const;

function lineRow(line: DiffLine, mark: MarkedLine | undefined): Html {
  const text: HtmlContent = mark
    ? html`${mark.before}<b class="diff-mark">${mark.changed}</b>${mark.after}`
    : line.text;
  // The last cell keeps its white space, so nothing may stand between its tags and the text.
  return html`<tr class="diff-${line.kind}">
    <td class="line-number" data-line="${line.oldNumber}"></td>
    <td class="line-number" data-line="${line.newNumber}"></td>
    <td><span class="diff-sign">${signs[line.kind]}</span>${text}</td>
  </tr>`;
}

/** Pairs runs of removed lines with the runs of as many added lines that follow them. */
function pairLines(lines: readonly DiffLine[]): Map<DiffLine, MarkedLine> {
  const marks = new Map<DiffLine, MarkedLine>();
  let removed: DiffLine[] = [];
  let added: DiffLine[] = [];
  const settle = (): void => {
    if (removed.length === added.length) markPairs(marks, removed, added);
    removed = [];
    added = [];
  };
  for (const line of lines) {
    if (line.kind === "removed" && added.length > 0) settle();
    if (line.kind === "removed") removed.push(line);
    else if (line.kind === "added") added.push(line);
    else if (line.kind === "context") settle();
  }
  settle();
  return marks;
}

function markPairs(
  marks: Map<DiffLine, MarkedLine>,
  removed: readonly DiffLine[],
  added: readonly DiffLine[],
): void {
  for (const [index, line] of removed.entries()) {
    const replacement = added[index];
    const marked = replacement && markChanges(line.text, replacement.text);
    if (!marked) continue;
    marks.set(line, marked.removed);
    marks.set(replacement, marked.added);
  }
}
