import { StringDecoder } from "node:string_decoder";

/** An event that is longer says nothing to us; the longest that vendors send repeat a whole answer. */
const MAX_EVENT_CHARACTERS = 16 * 1024 * 1024;

/**
 * Reads the data of server-sent events out of bytes that come in any pieces
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html). A last event without its empty line counts too.
 */
export function createEventStreamReader(onData: (data: string) => void): {
  write(chunk: Uint8Array): void;
  end(): void;
} {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let data: string[] = [];
  let characters = 0;
  let isFirst = true;

  function take(text: string, isLast: boolean): void {
    rest += text;
    // A carriage return at the end may be the first half of a line's end.
    const held = !isLast && rest.endsWith("\r") ? 1 : 0;
    const lines = rest.slice(0, rest.length - held).split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? "") + rest.slice(rest.length - held);
    for (const line of lines) takeLine(line);
    if (rest.length > MAX_EVENT_CHARACTERS) {
      rest = "";
      characters = Number.POSITIVE_INFINITY;
    }
  }

  function takeLine(given: string): void {
    const line = isFirst ? given.replace(/^\uFEFF/, "") : given;
    isFirst = false;
    if (line === "") {
      dispatch();
      return;
    }
    const value = /^data(?:: ?(.*))?$/s.exec(line);
    if (value === null) return;
    characters += line.length;
    if (characters <= MAX_EVENT_CHARACTERS) data.push(value[1] ?? "");
  }

  function dispatch(): void {
    if (data.length > 0 && characters <= MAX_EVENT_CHARACTERS) onData(data.join("\n"));
    data = [];
    characters = 0;
  }

  return {
    write: (chunk) => {
      take(decoder.write(chunk), false);
    },
    end: () => {
      take(decoder.end(), true);
      if (rest !== "") takeLine(rest);
      rest = "";
      dispatch();
    },
  };
}
