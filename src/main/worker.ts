import { failStart } from "./fail-start.ts";
import { readWorkerSettings } from "./read-worker-settings.ts";
import { startWorker } from "./start-worker.ts";

// 1. Read the settings; say what is missing in one sentence.
const settings = readWorkerSettings(process.env);
if (!settings.ok) {
  console.error(settings.error);
  process.exit(2);
}

// 2. Start taking turns.
const worker = await startWorker(settings.value).catch(failStart);
process.stdout.write(`A worker runs up to ${settings.value.workers} tasks' effects at once\n`);

// 3. Whoever started this process may want to know that it is ready.
process.send?.({ type: "ready" });

// 4. End in order when asked to; what is not done is another worker's.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void worker.stop().then(() => process.exit(0));
  });
}
