/**
 * A forge in a process of its own that kills itself at a chosen moment: `node crashing-forge.ts <dir> <moment> <n>`.
 * It prints its address, and lives on when the moment never comes.
 */
import { startForge } from "../../../../src/forge/start-forge.ts";

const [dir = "", moment = "", ordinal = "0"] = process.argv.slice(2);
const forge = await startForge({ dir });
const { store, events } = forge.hub;

let count = 0;
function dieAtOrdinal(): void {
  count += 1;
  if (count === Number(ordinal)) process.kill(process.pid, "SIGKILL");
}

const transaction = store.transaction.bind(store);
store.transaction = (work) => {
  if (moment === "before transaction") dieAtOrdinal();
  const result = transaction(work);
  if (moment === "after transaction") dieAtOrdinal();
  return result;
};
events.onRecorded(() => {
  if (moment === "inside transaction, at event") dieAtOrdinal();
});

console.log(forge.url);
