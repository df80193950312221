import type { StoreLocation } from "../../src/adapters/postgres/open-store.ts";
import { openStore } from "../../src/adapters/postgres/open-store.ts";
import type { DeliveryId } from "../../src/base/ids.ts";
import { nextCommit, openingCommit, sampleDelivery, sampleTask } from "./sample-task.ts";

// A program of its own for tests that kill it: works on several tasks at once for as long as it lives, and prints a line
// for everything that the store has acknowledged, after it has.

const [locationText = "", firstIssueText = ""] = process.argv.slice(2);
const firstIssue = Number(firstIssueText);
const TASKS = 8;

const store = await openStore(JSON.parse(locationText) as StoreLocation);
await Promise.all(Array.from({ length: TASKS }, (_, index) => work(firstIssue + index)));

async function work(issueNumber: number): Promise<never> {
  const task = sampleTask(issueNumber);
  await store.tasks.commit(openingCommit(task), { kind: "none" });
  acknowledge({ task: task.id, version: 1 });
  for (let version = 1; ; version++) {
    const id = `${task.id}-${version}` as DeliveryId;
    await store.inbox.store(sampleDelivery(id));
    acknowledge({ delivery: id });
    const commit = nextCommit(task, version, { effects: [{ kind: "mirror" }] });
    const outcome = await store.tasks.commit(commit, { kind: "delivery", id, outcome: "held" });
    if (outcome !== "committed") throw new Error(`Unexpected outcome: ${outcome}`);
    acknowledge({ task: task.id, version: version + 1, settled: id });
  }
}

function acknowledge(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
