/** `danger`: data can be lost, or is wrong. `note`: worth knowing. */
export type Verdict = "fine" | "note" | "danger";

/** One thing that was looked at. */
export type Finding = {
  readonly topic: string;
  readonly verdict: Verdict;
  /** What is, and where it is not fine what to do, in sentences. */
  readonly says: string;
};
