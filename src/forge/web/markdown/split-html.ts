/** What the forge understands of HTML inside Markdown; everything else is shown as the text it is. */
type HtmlPart =
  | { kind: "open"; isExpanded: boolean }
  | { kind: "close" }
  | { kind: "summary"; text: string }
  | { kind: "break" }
  | { kind: "text"; text: string };

// Comments end at "-->" or, as in browsers, with the document. Only these exact forms are recognised, so no
// attribute but a lone `open` ever gets through.
const known =
  /<!--(?:[\s\S]*?-->|[\s\S]*$)|<details(?<open>\s+open(?:="")?)?\s*>|(?<close><\/details\s*>)|<summary\s*>(?<summary>[\s\S]*?)<\/summary\s*>|(?<br><br\s*\/?>)/gi;

/** Splits raw HTML from a Markdown document into the few elements the forge shows; comments vanish. */
export function splitHtml(source: string): HtmlPart[] {
  const parts: HtmlPart[] = [];
  let end = 0;
  for (const match of source.matchAll(known)) {
    pushText(parts, source.slice(end, match.index));
    const part = knownPart(match);
    if (part) parts.push(part);
    end = match.index + match[0].length;
  }
  pushText(parts, source.slice(end));
  return parts;
}

function pushText(parts: HtmlPart[], text: string): void {
  if (text.trim() !== "") parts.push({ kind: "text", text });
}

function knownPart(match: RegExpExecArray): HtmlPart | null {
  const { open, close, summary, br } = match.groups ?? {};
  if (match[0].startsWith("<!--")) return null;
  if (close !== undefined) return { kind: "close" };
  if (br !== undefined) return { kind: "break" };
  // Bold or code inside a summary is common; its tags are dropped and its text is kept.
  if (summary !== undefined) return { kind: "summary", text: summary.replace(/<[^<>]*>/g, "").trim() };
  return { kind: "open", isExpanded: open !== undefined };
}
