import { BENCHMARKS } from "../bench/benchmarks.ts";
import type { Benchmark } from "../bench/support/benchmark.ts";
import type { Machine } from "../bench/support/describe-machine.ts";
import { loadResult, meets, type Result } from "../bench/support/result.ts";
import type { Spread } from "../bench/support/spread.ts";

/** docs/performance.md: every benchmark's last result, as it was taken. */
export async function renderPerformance(): Promise<string> {
  const taken = await Promise.all(
    BENCHMARKS.map(async (benchmark) => ({ benchmark, result: await loadResult(benchmark.name) })),
  );
  const results = taken.flatMap(({ result }) => (result === null ? [] : [result]));
  return [
    "# Performance",
    "<!-- Generated from bench/results by `npm run generate`. -->",
    `Each table is one command, \`npm run bench -- <name>\`, on one machine, which should have nothing else to do: what it did have is said below each table. Its arms are measured in turn, round by round, so that what disturbs one disturbs all; figures are medians of the rounds, ratios are medians of each round's own ratio, and the lowest and highest stand in brackets. Only ratios travel to another machine.`,
    "## Goals",
    table(
      ["Figure", "Ratio", "At least", "Aim", ""],
      results.flatMap(({ goals }) => goals.map(goalRow)),
    ),
    ...taken.map(({ benchmark, result }) =>
      result === null ? renderUntaken(benchmark) : renderResult(result),
    ),
  ].join("\n\n");
}

function renderUntaken({ name, about }: Benchmark): string {
  return [`## ${name}`, about, "It was not taken on a quiet machine yet."].join("\n\n");
}

function goalRow(goal: Result["goals"][number]): readonly string[] {
  const sign = goal.better === "higher" ? "≥" : "≤";
  const verdict = meets(goal, goal.aim) ? "at the aim" : meets(goal, goal.required) ? "met" : "**missed**";
  return [goal.name, inFigures(goal.ratio), `${sign} ${goal.required}`, `${goal.aim}`, verdict];
}

function renderResult({ benchmark, about, rounds, takenAt, machine, comparisons }: Result): string {
  return [
    `## ${benchmark}`,
    about,
    ...comparisons.map(({ name, arms }) => {
      const figures = [...new Set(arms.flatMap((arm) => Object.keys(arm.figures)))];
      return table(
        [name, ...figures],
        arms.map((arm) => [arm.name, ...figures.map((figure) => inFigures(arm.figures[figure]))]),
      );
    }),
    `${rounds} rounds on ${takenAt.slice(0, 10)}: ${inWords(machine)}.`,
  ].join("\n\n");
}

function inWords(machine: Machine): string {
  const { processors, processor, memoryGb, kernel, node, postgres, redis, syncedWritesPerSecond, load } =
    machine;
  return [
    `${processors} processors (${processor})`,
    `${memoryGb} GB`,
    `Linux ${kernel}`,
    `Node ${node}`,
    ...(postgres === null ? [] : [`PostgreSQL ${postgres}`]),
    ...(redis === null ? [] : [`Redis ${redis}`]),
    `a disk that took ${inThousands(syncedWritesPerSecond)} synced 8 kB writes a second`,
    load === undefined
      ? "busy with other work to an extent that was not noted"
      : `a load of ${load} before it began`,
  ].join(", ");
}

function inFigures(spread: Spread | undefined): string {
  if (spread === undefined) return "";
  const [median, lowest, highest] = [spread.median, spread.lowest, spread.highest].map(inThousands);
  return `${median} (${lowest}–${highest})`;
}

/** Three figures are all that a measurement on a shared machine is worth. */
function inThousands(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en-US", { maximumSignificantDigits: 3 });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
