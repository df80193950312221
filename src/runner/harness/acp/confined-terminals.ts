import { isAbsolute, relative } from "node:path";
import { err, ok, type Result } from "../../../base/result.ts";
import { ProgramNotStarted, type ProgramEnd } from "../../process/run-program.ts";
import type { HarnessSession } from "../harness.ts";
import type { RolePermissions } from "./role-permissions.ts";

type Command = {
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | undefined;
  readonly cwd?: string | null | undefined;
  /** Of the output, this much of its end is kept. */
  readonly outputByteLimit?: number | null | undefined;
};

type Terminal = {
  output: string;
  isCut: boolean;
  end: ProgramEnd | null;
  readonly ended: Promise<ProgramEnd>;
  readonly stop: AbortController;
};

/** Commands that an agent runs by way of its client. A problem is one sentence for the agent. */
export type ConfinedTerminals = {
  readonly create: (command: Command) => Result<string, string>;
  readonly output: (
    id: string,
  ) => Result<{ readonly output: string; readonly isCut: boolean; readonly end: ProgramEnd | null }, string>;
  readonly waitForExit: (id: string) => Promise<Result<ProgramEnd, string>>;
  readonly kill: (id: string) => Result<null, string>;
  readonly release: (id: string) => Result<null, string>;
  /** Ends all that still runs. */
  readonly close: () => Promise<void>;
};

const MAX_TERMINALS = 64;

const MAX_OUTPUT_BYTES = 1024 * 1024;

/** Runs commands as all programs of the session are run, below the work tree, where the role may execute any. */
export function confinedTerminals(
  session: Pick<HarnessSession, "workTree" | "run">,
  { mayUse }: RolePermissions,
): ConfinedTerminals {
  const terminals = new Map<string, Terminal>();
  let count = 0;

  function create(command: Command): Result<string, string> {
    const cwd = command.cwd ?? session.workTree;
    if (!mayUse("execute", [])) return err("The role runs no commands.");
    if (!isBelow(cwd, session.workTree)) return err(`${cwd} is outside of the work tree.`);
    if (terminals.size >= MAX_TERMINALS)
      return err(`There are ${MAX_TERMINALS} terminals: release some of them.`);
    count += 1;
    const id = `terminal-${count}`;
    terminals.set(id, start(command, cwd));
    return ok(id);
  }

  function start({ command, args, env, outputByteLimit }: Command, cwd: string): Terminal {
    const limit = Math.min(outputByteLimit ?? MAX_OUTPUT_BYTES, MAX_OUTPUT_BYTES);
    const stop = new AbortController();
    // A command without arguments may be a whole line for a shell.
    const line = args === undefined || args.length === 0 ? ["/bin/sh", "-c", command] : [command, ...args];
    const running = session.run({
      argv: ["/bin/sh", "-c", 'cd -- "$0" && exec "$@"', cwd, ...line],
      env: Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])),
      stdin: "",
      stop: stop.signal,
      onLine: (_stream, text) => {
        terminal.output += `${text}\n`;
        if (terminal.output.length <= limit) return;
        terminal.output = terminal.output.slice(-limit);
        terminal.isCut = true;
      },
    });
    const ended = running.catch((cause: unknown): ProgramEnd => {
      if (!(cause instanceof ProgramNotStarted)) throw cause;
      terminal.output += `${cause.message}\n`;
      return { exitCode: 127, signal: null };
    });
    const terminal: Terminal = { output: "", isCut: false, end: null, ended, stop };
    void ended.then((end) => {
      terminal.end = end;
    });
    return terminal;
  }

  function find(id: string): Result<Terminal, string> {
    const terminal = terminals.get(id);
    return terminal === undefined ? err(`There is no terminal ${id}.`) : ok(terminal);
  }

  function kill(id: string): Result<null, string> {
    const found = find(id);
    if (!found.ok) return found;
    found.value.stop.abort();
    return ok(null);
  }

  return {
    create,
    output(id) {
      const found = find(id);
      return found.ok
        ? ok({ output: found.value.output, isCut: found.value.isCut, end: found.value.end })
        : found;
    },
    async waitForExit(id) {
      const found = find(id);
      return found.ok ? ok(await found.value.ended) : found;
    },
    kill,
    release(id) {
      const killed = kill(id);
      terminals.delete(id);
      return killed;
    },
    async close() {
      const left = [...terminals.values()];
      for (const { stop } of left) stop.abort();
      await Promise.all(left.map(({ ended }) => ended));
    },
  };
}

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return isAbsolute(path) && way !== ".." && !way.startsWith("../") && !isAbsolute(way);
}
