import type { SequencedSessionEvent, SessionEvent } from "../../contract/session-event.ts";
import type { Usage } from "../../contract/usage.ts";
import type { Timers } from "../timers.ts";
import { mapTexts } from "./map-texts.ts";
import { createOutputTail } from "./output-tail.ts";
import type { Redactor } from "./redact.ts";

/** Longer texts are cut: the session is shown to people, and the whole output is in the run's log. */
const MAX_TEXT_CHARACTERS = 8_000;

/** Past this a session is no longer recorded, and says so once: an agent in a loop must not fill the server. */
const MAX_EVENTS = 20_000;

/** One heartbeat carries at most this many events and about this many characters of them. */
const MAX_BATCH_EVENTS = 1_000;
const MAX_BATCH_CHARACTERS = 256_000;

export interface SessionLog {
  emit(event: SessionEvent): void;
  /** The oldest events that were not acknowledged, as many as one heartbeat takes. */
  pending(): readonly SequencedSessionEvent[];
  /** The server has stored all events up to this sequence number. */
  acknowledge(sequence: number): void;
  /** The last lines that people would look at to see what went wrong. */
  tail(): string;
}

/** Numbers, dates, cuts and redacts the session's events, and keeps them until the server has them. */
export function createSessionLog(options: {
  readonly timers: Timers;
  readonly redactor: Redactor;
  readonly onLine: (line: string) => void;
}): SessionLog {
  let unacknowledged: SequencedSessionEvent[] = [];
  let sequence = 0;
  const tail = createOutputTail();

  function emit(event: SessionEvent): void {
    const last = sequence === MAX_EVENTS - 1 && event.type !== "run.finished";
    if (sequence >= MAX_EVENTS && event.type !== "run.finished") return;
    const shown: SessionEvent = last
      ? { type: "notice", level: "warning", text: `The session is not recorded past ${MAX_EVENTS} events.` }
      : withBoundedInput(mapTexts(event, (text) => cut(options.redactor.redact(text))));
    sequence += 1;
    unacknowledged.push({ sequence, at: options.timers.now().toISOString(), event: shown });
    for (const line of linesOf(shown)) show(line);
  }

  function show(line: string): void {
    options.onLine(line);
    tail.add(line);
  }

  return {
    emit,
    pending() {
      let characters = 0;
      const count = unacknowledged.findIndex((event, index) => {
        characters += JSON.stringify(event).length;
        return index >= MAX_BATCH_EVENTS || (index > 0 && characters > MAX_BATCH_CHARACTERS);
      });
      return count === -1 ? [...unacknowledged] : unacknowledged.slice(0, count);
    },
    acknowledge(upTo) {
      unacknowledged = unacknowledged.filter((event) => event.sequence > upTo);
    },
    tail: () => tail.text(),
  };
}

/** What a tool was given may be many short texts. */
function withBoundedInput(event: SessionEvent): SessionEvent {
  if (event.type !== "tool_call") return event;
  const input = JSON.stringify(event.input);
  return input.length <= MAX_TEXT_CHARACTERS ? event : { ...event, input: cut(input) };
}

function linesOf(event: SessionEvent): readonly string[] {
  switch (event.type) {
    case "message":
    case "thought":
    case "notice":
      return event.text.split("\n");
    case "tool_call":
      return [`> ${event.title}`];
    case "tool_result":
      return event.output === "" ? [] : event.output.split("\n");
    case "retry":
      return [describeRetry(event)];
    case "run.finished":
      return event.usageTotal === null ? [] : [describeUsage(event.usageTotal)];
    case "run.started":
    case "usage":
    case "raw":
      return [];
  }
}

function describeRetry({
  attempt,
  max,
  delayMs,
  httpStatus,
}: Extract<SessionEvent, { type: "retry" }>): string {
  const why = httpStatus === null ? "" : ` after HTTP ${httpStatus}`;
  const most = max === null ? "" : ` of ${max}`;
  const when = delayMs === null ? "" : ` in ${Math.ceil(delayMs / 1_000)} s`;
  return `The model is asked again${when}${why}: try ${attempt}${most}.`;
}

function describeUsage({ model, inputTokens, outputTokens }: Usage): string {
  return `${model ?? "The model"} used ${inputTokens} tokens in and ${outputTokens} out.`;
}

function cut(text: string): string {
  if (text.length <= MAX_TEXT_CHARACTERS) return text;
  return `${text.slice(0, MAX_TEXT_CHARACTERS)}… (${text.length - MAX_TEXT_CHARACTERS} more characters)`;
}
