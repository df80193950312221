// The agent of the scenarios: what it does is data. It lies in the target repository as tools/agent.mjs, with its
// script beside it, and writes down what it was given before it does anything.
import { execSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  watch,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

const briefing = JSON.parse(readFileSync(0, "utf8"));
const { records, steps } = JSON.parse(readFileSync(new URL("script.json", import.meta.url), "utf8"));

const earlier = readdirSync(records).filter((name) => name.startsWith(`${briefing.stage}-`)).length;
const prompt = readFileSync(process.env.BATON_PROMPT, "utf8");
// Who looks for the record finds all of it or none.
const unfinished = join(records, `.${process.pid}`);
writeFileSync(
  unfinished,
  JSON.stringify({ briefing, prompt, env: process.env, pid: process.pid, parent: process.ppid }),
);
renameSync(unfinished, join(records, `${briefing.stage}-${earlier + 1}.json`));

const ofStage = steps[briefing.stage];
const step = ofStage[Math.min(earlier, ofStage.length - 1)];

if (step.says) console.log(step.says);
if (step.waits) {
  const released = join(records, step.waits);
  await new Promise((resolve) => {
    const watcher = watch(records, look);
    function look() {
      if (!existsSync(released)) return;
      watcher.close();
      resolve();
    }
    look();
  });
}
for (const command of step.run ?? []) execSync(command, { stdio: "inherit" });
for (const [path, text] of Object.entries(step.write ?? {})) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
for (const path of step.remove ?? []) rmSync(path);
for (const [path, target] of Object.entries(step.symlink ?? {})) symlinkSync(target, path);
if (step.result !== undefined) {
  const { result } = step;
  writeFileSync(process.env.BATON_RESULT, typeof result === "string" ? result : JSON.stringify(result));
}
process.exit(step.exit ?? 0);
