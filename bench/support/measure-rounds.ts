import type { Arm, Comparison, Figures } from "./benchmark.ts";

/** Per comparison and arm, what each round showed: `rounds[i]` of all arms were taken side by side in time. */
export type Measured = ReadonlyMap<string, ReadonlyMap<string, readonly Figures[]>>;

/**
 * Measures every arm once a round, so that whatever else the machine does meets all of them alike, and each round begins
 * with another arm, so that none always has the warmer machine. The first round warms up and does not count.
 */
export async function measureRounds(
  comparisons: readonly Comparison[],
  rounds: number,
  tell: (line: string) => void,
): Promise<Measured> {
  const measured = new Map<string, Map<string, Figures[]>>();
  for (const { name, arms } of comparisons) {
    const byArm = new Map(arms.map((arm) => [arm.name, [] as Figures[]]));
    measured.set(name, byArm);
    for (let round = 0; round <= rounds; round += 1) {
      for (const arm of rotated(arms, round)) {
        const figures = await arm.measure();
        if (round > 0) byArm.get(arm.name)?.push(figures);
        tell(`${name}, ${round === 0 ? "warm-up" : `round ${round}`}, ${arm.name}: ${inWords(figures)}`);
      }
    }
  }
  return measured;
}

function rotated(arms: readonly Arm[], by: number): readonly Arm[] {
  const start = by % arms.length;
  return [...arms.slice(start), ...arms.slice(0, start)];
}

function inWords(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join(", ");
}
