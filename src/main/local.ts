import { runLocal } from "./local/run-local.ts";

process.exitCode = await runLocal(process.argv.slice(2));
process.exit();
