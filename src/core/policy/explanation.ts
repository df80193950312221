/** What a rule found, with what it found it from: an explained tree that feeds the check and the status comment. */
export type Explanation = {
  readonly name: string;
  readonly satisfied: boolean;
  /** One sentence. */
  readonly why: string;
  readonly children: readonly Explanation[];
};

export function satisfied(name: string, why: string): Explanation {
  return { name, satisfied: true, why, children: [] };
}

export function unsatisfied(name: string, why: string): Explanation {
  return { name, satisfied: false, why, children: [] };
}

/** Satisfied when all of its parts are; says how many are not. */
export function allOf(name: string, children: readonly Explanation[]): Explanation {
  const missing = children.filter((child) => !child.satisfied);
  const why =
    missing.length === 0 ? "All of it is met." : `${missing.length} of ${children.length} still missing.`;
  return { name, satisfied: missing.length === 0, why, children };
}
