/** Something that tells when a condition may have changed. */
export type Changes = (listener: () => void) => () => void;

/** Looks again this often when nothing told of a change: what is waited for may lie where nothing tells. */
const LOOK_MS = 250;

/**
 * Resolves with what `look` finds, looking at every change. After `timeoutMs` it throws with `describe`, which says how
 * things stood, so that a test that fails here needs no second run to be understood.
 */
export async function awaitCondition<Found>(condition: {
  readonly look: () => Promise<Found | null>;
  readonly describe: () => Promise<string>;
  readonly changes: Changes;
  readonly timeoutMs: number;
}): Promise<Found> {
  const deadline = Date.now() + condition.timeoutMs;
  let wake: () => void = () => undefined;
  const stopListening = condition.changes(() => wake());
  try {
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const found = await condition.look();
      if (found !== null) return found;
      if (Date.now() > deadline) throw new Error(await condition.describe());
      const timer = setTimeout(() => wake(), LOOK_MS);
      await changed;
      clearTimeout(timer);
    }
  } finally {
    stopListening();
  }
}
