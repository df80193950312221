import { randomUUID } from "node:crypto";
import { access, constants, mkdir, readFile, rename, rm } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { z } from "zod";
import { err, ok, type Result } from "../../base/result.ts";
import type { SessionEvent } from "../../contract/session-event.ts";
import { DEFAULT_GRACE } from "../process/end-session.ts";
import { ProgramNotStarted, runProgram } from "../process/run-program.ts";
import { createOutputTail } from "../reporting/output-tail.ts";
import type { Timers } from "../timers.ts";
import type { WantedCli } from "./harness.ts";

type Machine = {
  /** Where installed programs are kept, each in a directory of its own. */
  readonly directory: string;
  /** The job's: npm may need its registry and proxy, and nothing here is the agent's. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stop: AbortSignal;
  readonly timers: Timers;
  readonly emit: (event: SessionEvent) => void;
};

/** What npm may know of the job: how it reaches its registry, and no key of a model. */
const NPM_VARIABLES =
  /^(?:PATH|HOME|LANG|HTTPS?_PROXY|NO_PROXY|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|NODE_AUTH_TOKEN|NPM_CONFIG_.+)$/i;

const PackageScripts = z.object({ scripts: z.object({ postinstall: z.string().optional() }).optional() });

const PackageVersion = z.object({ version: z.string() });

/**
 * Finds agent programs at the versions asked for, in `directory` or on the job's PATH, and installs with npm what is in
 * neither. Gives the program's path, or one sentence with a remedy.
 */
export function createCliInstaller(machine: Machine): (cli: WantedCli) => Promise<Result<string, string>> {
  return async (cli) => {
    const home = join(machine.directory, `${cli.package.replaceAll("/", "+")}@${cli.version}`);
    const kept = programIn(home, cli);
    if ((await installedVersion(machine, home, cli)) === cli.version) return ok(kept);
    const onPath = isAsked(cli) ? await findOnPath(machine.env["PATH"] ?? "", cli.program) : null;
    const found = onPath === null ? null : await versionOf(machine, onPath, cli);
    if (onPath !== null && found === cli.version) return ok(onPath);
    const problem = await install(machine, home, cli);
    if (problem === null) return ok(kept);
    if (!isAsked(cli)) return err(`The package ${cli.package}@${cli.version} is not there, and ${problem}.`);
    const there =
      onPath === null
        ? `The program ${cli.program} is not on this machine`
        : `The program ${cli.program} on this machine is version ${found ?? "unknown"}, not ${cli.version}`;
    return err(
      `${there}, and ${problem}. On the runner, "npm install --global ${cli.package}@${cli.version}" puts it there.`,
    );
  };
}

function programIn(home: string, { program }: WantedCli): string {
  return join(home, "node_modules", ".bin", program);
}

function isAsked({ versionIn }: WantedCli): boolean {
  return versionIn !== "manifest";
}

/** Null when the program is not there whole. */
async function installedVersion(machine: Machine, home: string, cli: WantedCli): Promise<string | null> {
  if (isAsked(cli)) return versionOf(machine, programIn(home, cli), cli);
  try {
    await access(programIn(home, cli), constants.X_OK);
    const manifest = await readFile(join(home, "node_modules", cli.package, "package.json"), "utf8");
    return PackageVersion.parse(JSON.parse(manifest)).version;
  } catch {
    return null;
  }
}

/** Null when there is no such program, or it says no version. */
async function versionOf(machine: Machine, program: string, { version }: WantedCli): Promise<string | null> {
  const said = await run(machine, [program, "--version"], { PATH: pathWithNode(machine) });
  if (said.exitCode !== 0) return null;
  const [found] = /\d+\.\d+\.\d+[\w.+-]*/.exec(said.output) ?? [];
  return said.output.split(/\s/).includes(version) ? version : (found ?? null);
}

async function findOnPath(path: string, program: string): Promise<string | null> {
  for (const directory of path.split(delimiter).filter((each) => each.startsWith("/"))) {
    const file = join(directory, program);
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return null;
}

/**
 * Installs beside the place and moves it there whole, so that another job sees all of it or nothing; who comes second
 * takes the first one's. Null when it is there, else why not, as half a sentence.
 */
async function install(machine: Machine, home: string, cli: WantedCli): Promise<string | null> {
  const wanted = `${cli.package}@${cli.version}`;
  machine.emit({ type: "notice", level: "info", text: `Installing ${wanted} with npm.` });
  const fresh = `${home}.${randomUUID()}`;
  try {
    await mkdir(fresh, { recursive: true });
    const installed = await run(machine, npmInstall(wanted), npmEnvironment(machine), fresh);
    if (installed.exitCode !== 0) return `npm could not install ${wanted} (${reasonOf(installed.output)})`;
    const script = await runPostinstall(machine, fresh, cli);
    if (script !== null) return script;
    const version = await installedVersion(machine, fresh, cli);
    if (version !== cli.version) {
      return `what npm installed as ${wanted} says that it is version ${version ?? "unknown"}`;
    }
    // A damaged copy would be in the way: what is whole was found before.
    if ((await installedVersion(machine, home, cli)) === cli.version) return null;
    await rm(home, { recursive: true, force: true });
    await rename(fresh, home);
    return null;
  } catch (cause) {
    if ((await installedVersion(machine, home, cli)) === cli.version) return null;
    return `it could not be installed in ${machine.directory} (${codeOf(cause)})`;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** No script of any package runs: a package is code of strangers, and only the program's own one is needed. */
function npmInstall(wanted: string): readonly [string, ...string[]] {
  const flags = ["--ignore-scripts", "--include=optional", "--no-package-lock", "--no-audit", "--no-fund"];
  return ["npm", "install", "--prefix", ".", "--loglevel=error", ...flags, wanted];
}

/** Some programs are put in place by their package's own script. */
async function runPostinstall(machine: Machine, home: string, cli: WantedCli): Promise<string | null> {
  const directory = join(home, "node_modules", cli.package);
  const text = await readFile(join(directory, "package.json"), "utf8");
  const script = PackageScripts.parse(JSON.parse(text)).scripts?.postinstall;
  if (script === undefined) return null;
  const env = { PATH: pathWithNode(machine), HOME: home };
  const { exitCode, output } = await run(machine, ["/bin/sh", "-c", script], env, directory);
  return exitCode === 0 ? null : `its package's install script failed (${reasonOf(output)})`;
}

/** The last words are the reason. */
function reasonOf(output: string): string {
  const lines = output
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.includes("A complete log of"));
  return lines.slice(0, 2).join(" ").slice(0, 300) || "it said nothing";
}

function npmEnvironment({ env }: Machine): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined && NPM_VARIABLES.test(entry[0]);
  });
  return Object.fromEntries(entries);
}

/** A job's PATH need not have the Node that runs the action. */
function pathWithNode({ env }: Machine): string {
  return [env["PATH"] ?? "", dirname(process.execPath)].filter((part) => part !== "").join(delimiter);
}

type Ran = { readonly exitCode: number | null; readonly output: string };

async function run(
  { stop, timers, directory }: Machine,
  argv: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  cwd = "/",
): Promise<Ran> {
  const output = createOutputTail();
  const onLine = (_stream: "stdout" | "stderr", line: string): void => {
    output.add(line);
  };
  try {
    const program = { argv, cwd, env: { HOME: directory, ...env }, stdin: "", onLine };
    const { exitCode } = await runProgram(program, { stop, timers, grace: () => DEFAULT_GRACE });
    return { exitCode, output: output.text() };
  } catch (cause) {
    if (!(cause instanceof ProgramNotStarted)) throw cause;
    return { exitCode: null, output: cause.message };
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
}
