import type { Examine } from "./doctor/run-doctor.ts";

/** What a command may use of the terminal and the machine it was started on. */
export type CliContext = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where this copy of Baton lies. */
  readonly batonRoot: string;
  readonly version: string;
  /** Looks at the store and what is around it, as the environment says. */
  readonly examine: Examine;
  /** What the user asked for, one line or paragraph at a time. */
  readonly print: (text: string) => void;
  /** Why it was not done. */
  readonly complain: (text: string) => void;
};
