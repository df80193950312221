import type { JobState } from "./job-state.ts";
import { parseWorkflowCommand, type WorkflowCommand } from "./workflow-command.ts";
import type { AnnotationReport } from "./worker-message.ts";

/** What the commands in a step's output change, besides the log. */
export interface CommandTargets {
  outputs: Record<string, string>;
  actionState: Record<string, string>;
}

/** GitHub shows this many annotations of each level for a step. */
const annotationsPerLevel = 10;

const levels: Readonly<Record<string, AnnotationReport["level"]>> = {
  notice: "notice",
  warning: "warning",
  error: "failure",
};

/** Takes a step's output line by line: into the log, and commands to where they work. */
export class StepOutput {
  readonly #state: JobState;
  readonly #targets: CommandTargets;
  readonly #counts = new Map<string, number>();
  /** The token that ends `::stop-commands::`; null while commands are heard. */
  #resumeToken: string | null = null;
  #problem: string | null = null;

  constructor(state: JobState, targets: CommandTargets) {
    this.#state = state;
    this.#targets = targets;
  }

  /** Why the step fails whatever its exit code. */
  get problem(): string | null {
    return this.#problem;
  }

  readonly line = (text: string): void => {
    const command = parseWorkflowCommand(text);
    if (this.#resumeToken !== null) {
      if (command?.name === this.#resumeToken) this.#resumeToken = null;
      this.#state.log.write(text);
      return;
    }
    if (command === null) this.#state.log.write(text);
    else this.#obey(command, text);
  };

  #obey(command: WorkflowCommand, text: string): void {
    const { log, mask } = this.#state;
    const { name, properties, message } = command;
    switch (name) {
      case "add-mask":
        mask.add(message);
        return log.write("::add-mask::***");
      case "group":
        return log.write(`##[group]${message}`);
      case "endgroup":
        return log.write("##[endgroup]");
      case "debug":
      case "echo":
        return;
      case "notice":
      case "warning":
      case "error":
        log.write(`##[${name}]${message}`);
        return this.#annotate(command);
      case "stop-commands":
        this.#resumeToken = message.toLowerCase();
        return log.write(text);
      case "set-output":
        this.#targets.outputs[properties["name"] ?? ""] = message;
        return this.#warn(
          "The `set-output` command is deprecated. Write to the file named by GITHUB_OUTPUT.",
        );
      case "save-state":
        this.#targets.actionState[properties["name"] ?? ""] = message;
        return this.#warn("The `save-state` command is deprecated. Write to the file named by GITHUB_STATE.");
      case "add-matcher":
      case "remove-matcher":
        return this.#warn("The forge does not support problem matchers; the log is taken as it is.");
      case "set-env":
      case "add-path":
        this.#problem = `The \`${name}\` command is disabled. Use the files GITHUB_ENV and GITHUB_PATH.`;
        return;
      default:
        log.write(text);
    }
  }

  #warn(message: string): void {
    this.#state.log.write(`##[warning]${message}`);
  }

  #annotate({ name, properties, message }: WorkflowCommand): void {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    if (count > annotationsPerLevel) return;
    const number = (key: string): number | null => (properties[key] ? Number(properties[key]) || null : null);
    const line = number("line");
    const endLine = number("endLine") ?? line;
    const { mask, log, forge } = this.#state;
    forge.send({
      kind: "annotation",
      annotation: {
        level: levels[name] ?? "notice",
        message: mask.apply(message),
        title: properties["title"] ? mask.apply(properties["title"]) : null,
        path: properties["file"] || ".github",
        startLine: line ?? (properties["file"] ? 1 : log.lineCount),
        endLine: endLine ?? (properties["file"] ? 1 : log.lineCount),
        startColumn: number("col"),
        endColumn: number("endColumn"),
      },
    });
  }
}
