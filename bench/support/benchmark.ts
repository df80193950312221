/** What one arm showed in one round, by the name of the figure with its unit: `{ "requests/s": 8300, "p99 ms": 15 }`. */
export type Figures = Readonly<Record<string, number>>;

/** One of the things that are compared. */
export type Arm = {
  readonly name: string;
  /** Measures once, and leaves everything as it found it. */
  measure(): Promise<Figures>;
};

/** Arms that are measured in the same rounds, under the same load. */
export type Comparison = {
  /** What they have in common: `64 connections`. */
  readonly name: string;
  readonly arms: readonly Arm[];
};

/** A ratio of two arms' figures that the project has promised itself. */
export type Goal = {
  readonly name: string;
  readonly comparison: string;
  readonly figure: string;
  /** Name of the arm above the line, and of the one below it. */
  readonly of: string;
  readonly over: string;
  /** Whether a higher ratio is better. */
  readonly better: "higher" | "lower";
  readonly required: number;
  readonly aim: number;
};

/** One file of `bench/`, one command: `npm run bench -- <name>`. */
export type Benchmark = {
  readonly name: string;
  /** One sentence for the page: what is compared with what. */
  readonly about: string;
  readonly rounds: number;
  readonly goals: readonly Goal[];
  /** Starts what the comparisons need; `close` ends all of it. */
  open(): Promise<{ readonly comparisons: readonly Comparison[]; close(): Promise<void> }>;
};
