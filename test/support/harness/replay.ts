import { readFileSync } from "node:fs";
import type { SessionEvent } from "../../../src/contract/session-event.ts";
import type { CliExit, CliParser, CliState } from "../../../src/runner/harness/cli-adapter.ts";
import type { SessionEnd } from "../../../src/runner/harness/harness.ts";

export type Replayed<State> = {
  readonly state: State;
  readonly events: readonly SessionEvent[];
  readonly end: SessionEnd;
};

/** What a parser makes of lines that an agent's program once printed, and of how it ended. */
export function replay<State extends CliState>(
  parser: CliParser<State>,
  lines: readonly string[],
  exit: Partial<CliExit> = {},
): Replayed<State> {
  let state = parser.initial;
  const events: SessionEvent[] = [];
  for (const line of lines) {
    const read = parser.read(state, line);
    state = read.state;
    events.push(...read.events);
  }
  const end = parser.finish(state, { exitCode: 0, signal: null, stderr: "", ...exit });
  return { state, events, end };
}

/** The lines of a recording beside a test. */
export function recordedLines(url: URL): readonly string[] {
  return readFileSync(url, "utf8").trimEnd().split("\n");
}

/** The recordings beside a parser's test, by their names. */
export function recordings<State extends CliState>(parser: CliParser<State>, testUrl: string) {
  const linesOf = (name: string): readonly string[] =>
    recordedLines(new URL(`recorded/${name}.jsonl`, testUrl));
  return {
    linesOf,
    replayFile: (name: string, exit: Partial<CliExit> = {}): Replayed<State> =>
      replay(parser, linesOf(name), exit),
  };
}

/** What each event shows a person, in short. */
export function wordsOf(events: readonly SessionEvent[]): readonly string[] {
  return events.map((event) => {
    if ("text" in event) return event.text;
    if ("title" in event) return event.title;
    return "output" in event ? event.output : "";
  });
}
