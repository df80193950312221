// `npm run local` or `npm run demo`, as the first argument says, with all that passes between forge and clients held
// against GitHub's own descriptions. What they have against it is the last that it says, among the errors.
import { runDemo } from "../../../src/main/local/run-demo.ts";
import { runLocal } from "../../../src/main/local/run-local.ts";
import { createClientWitness } from "../../support/github-schema/github-witness.ts";

const [program, ...args] = process.argv.slice(2);
const { problems, seen, ...observers } = createClientWitness();
process.exitCode = await (program === "demo" ? runDemo : runLocal)(args, observers);
for (const { where, at, message } of problems) console.error(`${where} ${at}: ${message}`);
if (seen.requests === 0 || seen.webhooks === 0) console.error("Nothing passed that could be looked at.");
process.exit();
