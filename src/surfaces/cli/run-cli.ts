import { Command, CommanderError } from "commander";
import type { CliContext } from "./cli-context.ts";
import type { DoctorOptions } from "./doctor/run-doctor.ts";
import { runDoctor } from "./doctor/run-doctor.ts";
import type { HarnessListOptions } from "./harness/run-harness-list.ts";
import { runHarnessList } from "./harness/run-harness-list.ts";
import type { InitOptions } from "./init/read-wishes.ts";
import { runInit } from "./init/run-init.ts";

/** Runs the command line and gives the process' exit code: 0 done, 1 refused, 2 not understood. */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  let exitCode = 0;
  const program = createProgram(context, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause;
    return cause.exitCode === 0 ? 0 : 2;
  }
}

function createProgram(context: CliContext, end: (exitCode: number) => void): Command {
  const program = new Command("baton")
    .description("Hands issues to coding agents that run in your own Actions runners.")
    .version(context.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        context.print(text.trimEnd());
      },
      writeErr: (text) => {
        context.complain(text.trimEnd());
      },
    });
  program
    .command("init")
    .description("Write Baton's workflow and a commented policy into a repository.")
    .option("--repo <path>", "the repository (default: the current directory)")
    .option("--pr", "propose the files in a pull request instead; needs GITHUB_TOKEN or GH_TOKEN")
    .option("--force", "replace files that are there and differ")
    .option(
      "--action <reference>",
      "the action to use, owner/repository@<commit> (default: this checkout's commit)",
    )
    .option("--server <url>", "address of the Baton server, as the workflow's default")
    .option(
      "--harness <name>",
      "the agent program: claude, codex, gemini, opencode, acp, command or recording (default: command)",
    )
    .option("--run <program>", "for acp and command: the program with its arguments, or a JSON list of them")
    .option("--model <name>", "the model that the agent program is asked to use")
    .option("--recording <path>", "for recording: the recorded session's path in the repository")
    .action(async (options: InitOptions) => {
      end(await runInit(context, options));
    });
  program
    .command("doctor")
    .description("Say what protects the data, and what endangers it, with the server's environment.")
    .option("--json", "as data")
    .action(async (options: DoctorOptions) => {
      end(await runDoctor(context, options));
    });
  const harness = program.command("harness").description("The agent programs that Baton can run.");
  harness
    .command("list")
    .description("Say what each can do, at which version it was tested, and what is on this machine.")
    .argument("[names...]", "only these")
    .option("--json", "as data")
    .action(async (names: string[], options: HarnessListOptions) => {
      end(await runHarnessList(context, names, options));
    });
  return program;
}
