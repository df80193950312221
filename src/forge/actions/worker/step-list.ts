import type { StepConclusion, StepReport } from "./worker-message.ts";

/** The steps of a job as its page lists them, reported anew with every change. */
export class StepList {
  readonly #steps: StepReport[] = [];
  readonly #report: (steps: StepReport[]) => void;

  constructor(report: (steps: StepReport[]) => void) {
    this.#report = report;
  }

  /** Adds steps at the end that will run later. */
  add(...names: string[]): StepReport[] {
    const added = names.map((name, index): StepReport => {
      return { number: this.#steps.length + index + 1, name, status: "queued", conclusion: null };
    });
    this.#steps.push(...added);
    this.#report(this.#steps);
    return added;
  }

  start(step: StepReport, name = step.name): void {
    step.name = name;
    step.status = "in_progress";
    this.#report(this.#steps);
  }

  complete(step: StepReport, conclusion: StepConclusion): void {
    step.status = "completed";
    step.conclusion = conclusion;
    this.#report(this.#steps);
  }
}
