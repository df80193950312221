import type { StepExecution } from "./job-state.ts";
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { interpolate } from "../expression/interpolate.ts";
import { StepFailure } from "./log-failure.ts";
import { describeShell, shellCommand } from "./shell-command.ts";
import { runStepCommand } from "./run-step-command.ts";
import { firstLine } from "./step-name.ts";

/** A step with `run:`. */
export async function runScript(execution: StepExecution): Promise<void> {
  const { state, step, scope, env, frame } = execution;
  const { directories, log, assignment } = state;
  const script = interpolate(step.run, scope);
  // A composite action names its shells itself; the job's defaults are not for it.
  const defaults = frame.action === null ? assignment.defaults : {};
  const shell = interpolate(step.shell ?? defaults.shell, scope) || null;
  const directory = interpolate(step.workingDirectory ?? defaults["working-directory"], scope);

  const fileOf = (extension: string): string => join(directories.temp, `${randomUUID()}${extension}`);
  const command = shellCommand(shell, fileOf);
  if (command === null) {
    throw new StepFailure(`The forge does not support the shell '${shell}': it has no {0} for the script.`);
  }
  const scriptFile = command.args.find((arg) => arg.includes(directories.temp));
  if (scriptFile !== undefined) writeFileSync(scriptFile.replace(/^'|'$/g, ""), script);

  log.write(`##[group]Run ${firstLine(script)}`);
  log.write(script.trimEnd());
  log.write(`shell: ${describeShell(shell)}`);
  logVariables(execution, env);
  log.write("##[endgroup]");
  await runStepCommand(execution, {
    command: command.command,
    args: command.args,
    cwd: resolve(directories.workspace, directory),
  });
}

export function logVariables({ state }: StepExecution, env: Record<string, string>): void {
  const names = Object.keys(env);
  if (names.length === 0) return;
  state.log.write("env:");
  for (const name of names) state.log.write(`  ${name}: ${env[name] ?? ""}`);
}
