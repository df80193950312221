import { runDemo } from "./local/run-demo.ts";

process.exitCode = await runDemo(process.argv.slice(2));
// What an agent or a browser left open must not keep the terminal waiting.
process.exit();
