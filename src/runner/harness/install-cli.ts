import { delimiter, join } from "node:path";
import { err, ok, type Result } from "../../base/result.ts";
import type { PackagedProgram } from "./harness.ts";
import { installPackage, isExecutable, tryProgram, type Machine } from "./install-package.ts";

/**
 * The path of an agent program at exactly this version: the machine's own where it has that one, else the one that npm
 * installs once and keeps. Else one sentence with a remedy.
 */
export async function installCli(machine: Machine, cli: PackagedProgram): Promise<Result<string, string>> {
  const own = await findOwnCli(machine, cli.program);
  if (own?.version === cli.version) return ok(own.path);
  const installed = await installPackage(machine, cli);
  if (installed.ok) return installed;
  const there =
    own === null
      ? `The program ${cli.program} is not on this machine`
      : `The program ${cli.program} on this machine is version ${own.version ?? "unknown"}, not ${cli.version}`;
  return err(
    `${there}, and ${installed.error}: "npm install --global ${cli.package}@${cli.version}" on the runner puts it there.`,
  );
}

/** The machine's own program of this name, with the version that it says; null where there is none. */
export async function findOwnCli(
  machine: Machine,
  program: string,
): Promise<{ readonly path: string; readonly version: string | null } | null> {
  const path = await findOnPath(machine.env["PATH"] ?? "", program);
  return path === null ? null : { path, version: await versionOf(machine, path) };
}

/** What the program says, or null. */
async function versionOf(machine: Machine, program: string): Promise<string | null> {
  const { exitCode, output } = await tryProgram(machine, [program, "--version"], {});
  if (exitCode !== 0) return null;
  return /(?<![\w.])\d+\.\d+\.\d+[\w.+-]*/.exec(output)?.[0] ?? null;
}

async function findOnPath(path: string, program: string): Promise<string | null> {
  for (const directory of path.split(delimiter).filter((each) => each.startsWith("/"))) {
    const file = join(directory, program);
    if (await isExecutable(file)) return file;
  }
  return null;
}
