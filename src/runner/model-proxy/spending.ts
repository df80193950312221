/** Leave to ask the model once. `settle` has to be called when the answer is over, and what it cost is known. */
export type Admission = { readonly kind: "admitted"; readonly settle: () => void };
type Denied = { readonly kind: "spent" } | { readonly kind: "closed" };

export interface Spending {
  /** `expected` is the most that the request may cost, as far as one can say; micro-dollars. */
  admit(expected: number): Promise<Admission | Denied>;
  /** Nothing is admitted any more. */
  close(): void;
}

/**
 * Lets requests to the model through as long as there is budget left. One at a time always goes; others go beside it
 * as long as the budget holds for all of them, and else wait. So at most one request passes the budget, however many
 * are sent at once.
 */
export function createSpending(options: {
  readonly budgetMicroUsd: number | null;
  /** What all settled requests have cost, micro-dollars. */
  readonly spent: () => number;
}): Spending {
  const budget = options.budgetMicroUsd ?? Number.POSITIVE_INFINITY;
  const waiting: { readonly expected: number; readonly answer: (answer: Admission | Denied) => void }[] = [];
  const open = new Set<{ readonly expected: number }>();
  let isClosed = false;

  function decide(expected: number): Admission | Denied | null {
    if (isClosed) return { kind: "closed" };
    if (options.spent() >= budget) return { kind: "spent" };
    const reserved = [...open].reduce((sum, each) => sum + each.expected, 0);
    const fits = budget === Number.POSITIVE_INFINITY || options.spent() + reserved + expected <= budget;
    return open.size === 0 || fits ? enter(expected) : null;
  }

  function enter(expected: number): Admission {
    const place = { expected };
    open.add(place);
    return {
      kind: "admitted",
      settle: () => {
        if (open.delete(place)) serve();
      },
    };
  }

  /** In the order in which they came. */
  function serve(): void {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const answer = decide(next.expected);
      if (answer === null) return;
      waiting.shift();
      next.answer(answer);
    }
  }

  return {
    async admit(expected) {
      const answer = waiting.length > 0 ? null : decide(expected);
      return answer ?? new Promise((resolve) => waiting.push({ expected, answer: resolve }));
    },
    close() {
      isClosed = true;
      serve();
    },
  };
}
