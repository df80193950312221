import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { toolFolders, type ViewWish } from "./plan-view.ts";
import { isWithin } from "./read-mounts.ts";

/** What a session works in: all of it is the agent's, and nothing else. */
export type SessionFolders = {
  readonly workTree: string;
  readonly homeDir: string;
  readonly tempDir: string;
  /** Prompt, briefing and result. */
  readonly exchangeDir: string;
};

/** Variables of the job that name what its runner keeps for itself. */
const RUNNER_FOLDERS = ["HOME", "GITHUB_WORKSPACE", "RUNNER_WORKSPACE", "RUNNER_TEMP"];

/** Files by which a step commands its runner. */
const COMMAND_FILES = ["GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"];

/**
 * What of the machine a program of the session needs: its folders, its tool chain by the search path, every place that
 * a variable of its environment names, and what its adapter installed (`readable`). A place that would show the job's
 * home or its runner's files whole is not shown.
 */
export function wishView(
  program: { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> },
  machine: {
    readonly folders: SessionFolders;
    readonly job: Readonly<Record<string, string | undefined>>;
    readonly readable: readonly string[];
  },
): ViewWish {
  const { folders, job } = machine;
  const hidden = hiddenFolders(job, folders);
  const search = (program.env["PATH"] ?? "").split(":").filter(isAbsolute);
  const [command, ...args] = program.argv;
  const file = command === undefined ? null : findProgram(command, search);
  const named = Object.entries(program.env).flatMap(([name, value]) =>
    name === "PATH" ? [] : value.split(":").filter(isAbsolute),
  );
  const readable = [
    ...search.flatMap(toolFolders),
    ...(file === null ? [] : [file, ...toolFolders(dirname(file))]),
    ...named,
    ...args.filter(isAbsolute),
    ...machine.readable,
  ];
  const secret = [
    ...hidden,
    ...Object.values(folders),
    "/home",
    "/root",
    "/tmp",
    "/run",
    "/var",
    "/proc",
    "/sys",
    "/dev",
  ];
  return {
    writable: Object.values(folders),
    readable: [...new Set(readable.map((path) => resolve(path)))].filter(
      (path) => !secret.some((folder) => isWithin(folder, path)),
    ),
    hidden,
  };
}

/** The file that the system would run, links resolved; null where it finds none. */
export function findProgram(command: string, search: readonly string[], cwd = "/"): string | null {
  const candidates = command.includes("/")
    ? [resolve(cwd, command)]
    : search.map((folder) => join(folder, command));
  for (const candidate of candidates) {
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return realpathSync(candidate);
    } catch {
      // Not this one.
    }
  }
  return null;
}

function hiddenFolders(
  job: Readonly<Record<string, string | undefined>>,
  folders: SessionFolders,
): readonly string[] {
  const named = RUNNER_FOLDERS.map((name) => job[name]);
  const files = COMMAND_FILES.map((name) => job[name] && dirname(job[name]));
  // <runner>/_work/_temp: beside _work are the runner's own credentials and logs.
  const runner = job["RUNNER_TEMP"] && /^(.+)\/_work\/_temp$/.exec(job["RUNNER_TEMP"])?.[1];
  return [...named, ...files, runner, dirname(folders.workTree)].filter(
    (path): path is string => path !== undefined && path !== "" && dirname(resolve(path)) !== resolve(path),
  );
}
