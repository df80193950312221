import { err } from "../../base/result.ts";
import { claimFolder } from "./claim-folder.ts";
import { explainFailure } from "./explain-failure.ts";
import { introduceLocal } from "./introduce-local.ts";
import { LOCAL_USAGE, readLocalOptions } from "./read-local-options.ts";
import type { ForgeObservers } from "./start-local.ts";
import { stopSignal } from "./stop-signal.ts";

/** The forge and Baton, kept running until the terminal says stop. Resolves to the exit code. */
export async function runLocal(args: readonly string[], observers: ForgeObservers = {}): Promise<number> {
  const options = readLocalOptions(args);
  if (!options.ok) {
    console.error(`${options.error} All options: npm run local -- --help`);
    return 2;
  }
  if (options.value === "help") {
    console.log(LOCAL_USAGE);
    return 0;
  }
  const { dir } = options.value;
  const claimed = await claimFolder(dir, "local");
  if (!claimed.ok) return refuse(claimed.error);
  const stop = stopSignal();
  // Loaded only now: what is wrong with the options is said at once.
  const { startLocal } = await import("./start-local.ts");
  const started = await startLocal(options.value, observers).catch((error: unknown) =>
    err(`It could not be started: ${explainFailure(error)}`),
  );
  if (!started.ok) return refuse(started.error);
  if (!stop.aborted) {
    console.log(introduceLocal(started.value, dir));
    await new Promise((resolve) => stop.addEventListener("abort", resolve));
  }
  console.log("\nStopping; the next start goes on from here.");
  await started.value.close();
  return 0;
}

function refuse(why: string): number {
  console.error(why);
  return 1;
}
