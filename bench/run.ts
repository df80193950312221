/**
 * `npm run bench -- <name>` takes one benchmark on this machine, which should have nothing else to do, and writes
 * `bench/results/<name>.json`; `npm run generate` then renders docs/performance.md. `--rounds <n>` takes fewer or more.
 */
import { parseArgs } from "node:util";
import { BENCHMARKS } from "./benchmarks.ts";
import { describeMachine } from "./support/describe-machine.ts";
import { measureRounds } from "./support/measure-rounds.ts";
import { meets, resultOf, saveResult } from "./support/result.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string" } },
});
const benchmark = BENCHMARKS.find(({ name }) => name === positionals[0]);
const rounds = Number(values.rounds ?? benchmark?.rounds);
if (!benchmark || !Number.isInteger(rounds) || rounds < 1) {
  console.error(
    `Name one benchmark of ${BENCHMARKS.map(({ name }) => name).join(", ")}; rounds are 1 or more.`,
  );
  process.exit(2);
}

const machine = describeMachine();
const opened = await benchmark.open();
try {
  const measured = await measureRounds(opened.comparisons, rounds, (line) => console.log(line));
  const result = resultOf(benchmark, measured, { takenAt: new Date().toISOString(), rounds, machine });
  for (const goal of result.goals) {
    const { median, lowest, highest } = goal.ratio;
    const verdict = meets(goal, goal.aim) ? "at the aim" : meets(goal, goal.required) ? "met" : "missed";
    console.log(
      `${goal.name}: ${median.toFixed(2)} (${lowest.toFixed(2)} to ${highest.toFixed(2)}), ${verdict}: ` +
        `at least ${goal.required}, aim ${goal.aim}`,
    );
  }
  console.log(`Written to ${await saveResult(result)}.`);
} finally {
  await opened.close();
}
