import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Benchmark, Figures, Goal } from "./benchmark.ts";
import type { Machine } from "./describe-machine.ts";
import type { Measured } from "./measure-rounds.ts";
import { type Spread, spreadOf } from "./spread.ts";

/** What `bench/results/<name>.json` holds, and docs/performance.md shows. */
export type Result = {
  readonly benchmark: string;
  readonly about: string;
  /** ISO 8601. */
  readonly takenAt: string;
  readonly rounds: number;
  readonly machine: Machine;
  readonly comparisons: readonly {
    readonly name: string;
    readonly arms: readonly { readonly name: string; readonly figures: Readonly<Record<string, Spread>> }[];
  }[];
  /** Each round's own ratio, so that what disturbed a round disturbed both sides of it. */
  readonly goals: readonly (Goal & { readonly ratio: Spread })[];
};

export function resultOf(
  { name, about, goals }: Benchmark,
  measured: Measured,
  at: { readonly takenAt: string; readonly rounds: number; readonly machine: Machine },
): Result {
  return {
    benchmark: name,
    about,
    ...at,
    comparisons: [...measured].map(([comparison, arms]) => ({
      name: comparison,
      arms: [...arms].map(([arm, rounds]) => ({ name: arm, figures: spreadsOf(rounds) })),
    })),
    goals: goals.map((goal) => ({ ...goal, ratio: spreadOf(ratiosOf(goal, measured)) })),
  };
}

export function meets(goal: Result["goals"][number], wanted: number): boolean {
  return goal.better === "higher" ? goal.ratio.median >= wanted : goal.ratio.median <= wanted;
}

function spreadsOf(rounds: readonly Figures[]): Readonly<Record<string, Spread>> {
  const names = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [name, spreadOf(rounds.map((figures) => figures[name] ?? Number.NaN))]),
  );
}

function ratiosOf(goal: Goal, measured: Measured): readonly number[] {
  const arms = measured.get(goal.comparison);
  const above = figureOf(arms?.get(goal.of), goal);
  const below = figureOf(arms?.get(goal.over), goal);
  return above.map((value, round) => value / (below[round] ?? Number.NaN));
}

function figureOf(rounds: readonly Figures[] | undefined, goal: Goal): readonly number[] {
  return (rounds ?? []).map((figures) => {
    const value = figures[goal.figure];
    if (value === undefined)
      throw new Error(`Nothing measured "${goal.figure}" for the goal "${goal.name}".`);
    return value;
  });
}

const RESULTS = new URL("../results/", import.meta.url);

export async function saveResult(result: Result): Promise<string> {
  const path = fileURLToPath(new URL(`${result.benchmark}.json`, RESULTS));
  await writeFile(path, `${JSON.stringify(result, null, 2)}\n`);
  return path;
}

/** Null where it was never taken. */
export async function loadResult(benchmark: string): Promise<Result | null> {
  const text = await readFile(new URL(`${benchmark}.json`, RESULTS), "utf8").catch((cause: unknown) => {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw cause;
  });
  return text === null ? null : (JSON.parse(text) as Result);
}
