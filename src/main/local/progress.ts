import { styleText } from "node:util";
import { currentStage, deriveStatus } from "../../core/task/derive-status.ts";
import type { RecordedEvent, TaskEventType } from "../../core/task/events.ts";
import { progressOf } from "../../core/task/stage-progress.ts";
import type { Task } from "../../core/task/state.ts";
import { auditLine } from "../../core/view/audit-line.ts";
import { standingOf } from "../../core/view/standing.ts";
import { statusWords } from "../../core/view/task-label.ts";
import { fitLine } from "./fit-line.ts";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 120;

/** Of a terminal that does not say how wide it is. */
const DEFAULT_COLUMNS = 80;

const CLEAR = "\r\u001b[2K";
/** Written after the new line, so that the old one never gives way to an empty one. */
const CLEAR_REST = "\u001b[K";

/** Events that say nothing to somebody who watches, since the next line says it better. */
const QUIET = new Set(["LeaseEnded", "RunStarted", "PlanProposed", "RetryStarted", "AttemptReported"]);

/**
 * Live progress in a terminal: a line for each thing that happened, and below them one that moves, with the stage,
 * the attempt, the time so far and what is waited for. Where the output is no terminal, only the lines.
 */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  /** When the process began, since loading it is part of what a person waits for. */
  readonly #startedMs = performance.timeOrigin;
  readonly #live: boolean;
  #frame = 0;
  #waiting = "";
  #timer: NodeJS.Timeout | null = null;

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.#out = out;
    this.#live = out.isTTY && process.env["TERM"] !== "dumb";
    if (this.#live) this.#timer = setInterval(() => this.#draw(), FRAME_MS);
  }

  say(text: string): void {
    this.#out.write(`${this.#live ? CLEAR : ""}${text}\n${this.#line()}`);
  }

  step(text: string): void {
    this.say(`${styleText("dim", this.#elapsed())}  ${text}`);
  }

  person(login: string, text: string): void {
    this.step(`${styleText(["bold", "magenta"], login.padEnd(9))} ${text}`);
  }

  event(recorded: RecordedEvent): void {
    const { event } = recorded;
    if (QUIET.has(event.type)) return;
    this.step(`${styleText(colorOf(event.type), "baton".padEnd(9))} ${auditLine(recorded)}`);
  }

  wait(task: Task): void {
    const stage = currentStage(task);
    const attempt = stage ? progressOf(task, stage).attempts : 0;
    const parts = [
      styleText("bold", statusWords(task)),
      stage ? `${stage}${attempt > 1 ? `, attempt ${attempt}` : ""}` : null,
      standingOf(task).headline,
    ];
    this.waitFor(parts.filter((part) => part !== null).join(styleText("dim", " · ")));
    if (deriveStatus(task) === "completed") this.waitFor("");
  }

  waitFor(text: string): void {
    this.#waiting = text;
    this.#draw();
  }

  end(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.waitFor("");
  }

  #elapsed(): string {
    const seconds = (Date.now() - this.#startedMs) / 1_000;
    return `${seconds.toFixed(1).padStart(6)}s`;
  }

  #draw(): void {
    if (this.#live) this.#out.write(`${this.#line()}${CLEAR_REST}`);
  }

  /** The line that moves, over what stood there; one that would wrap could not be overwritten. */
  #line(): string {
    if (!this.#live) return "";
    if (this.#waiting === "") return "\r";
    const frame = FRAMES[this.#frame++ % FRAMES.length] ?? "";
    const line = `${styleText("dim", this.#elapsed())}  ${styleText("cyan", frame)} ${this.#waiting}`;
    return `\r${fitLine(line, (this.#out.columns || DEFAULT_COLUMNS) - 1)}`;
  }
}

function colorOf(type: TaskEventType): "red" | "green" | "yellow" | "blue" {
  if (/Failed|Voided|Stuck|Refused|Cancelled/.test(type)) return "red";
  if (/Passed|Opened|Given|Completed|Delivered/.test(type)) return "green";
  if (/Gate|Retry|Held/.test(type)) return "yellow";
  return "blue";
}
