import { failStart } from "./fail-start.ts";
import { readSettings } from "./read-settings.ts";
import { startBaton } from "./start-baton.ts";

// 1. Read the settings; say what is missing in one sentence.
const settings = readSettings(process.env);
if (!settings.ok) {
  console.error(settings.error);
  process.exit(2);
}

// 2. Start everything.
const baton = await startBaton(settings.value).catch(failStart);
process.stdout.write(`Baton listens on ${baton.url}\n`);

// 3. Whoever started this process may want to know that it is ready.
process.send?.({ type: "ready", url: baton.url });

// 4. End in order when asked to; what is under way is kept and goes on at the next start.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void baton.stop().then(() => process.exit(0));
  });
}
