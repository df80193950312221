/** What the runner needs of the Actions run it is a step of. */
export interface ActionsHost {
  input(name: string): string;
  /** An OIDC token of this job for `audience`. */
  idToken(audience: string): Promise<string>;
  setOutput(name: string, value: string): void;
  /** Has the run's log mask the value from now on. */
  maskSecret(value: string): void;
  startGroup(title: string): void;
  endGroup(): void;
  info(line: string): void;
  warning(sentence: string): void;
  /** An annotation on the run, and the end of the job: it counts as failed. */
  fail(sentence: string): void;
  /** Adds Markdown to the run's summary page. */
  summarize(markdown: string): Promise<void>;
}
