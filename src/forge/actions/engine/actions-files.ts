import { join } from "node:path";

/** Where the engine keeps what is too large for the store. */
export class ActionsFiles {
  readonly #root: string;

  /** @param directory of the forge */
  constructor(directory: string) {
    this.#root = join(directory, "actions");
  }

  /** A job's own directory: gone when the job has ended. */
  job(jobId: number): string {
    return join(this.#root, "jobs", String(jobId));
  }

  get jobs(): string {
    return join(this.#root, "jobs");
  }

  /** Logs of a job, one file for each step, and `summary.md`. */
  jobLogs(jobId: number): string {
    return join(this.#root, "logs", String(jobId));
  }

  /** Why a run could not start at all. */
  startupLog(runId: number): string {
    return join(this.#root, "logs", `run-${runId}.log`);
  }

  artifact(artifactId: number): string {
    return join(this.#root, "artifacts", `${artifactId}.zip`);
  }
}
