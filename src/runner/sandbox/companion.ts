/** What the companion is told before it starts, as JSON in a file. */
export type CompanionStart = {
  /** The Unix socket on which the runner waits for it. */
  readonly control: string;
  /** Ports of the session's own loopback interface, and the Unix sockets outside that answer there. */
  readonly forwards: readonly { readonly port: number; readonly socket: string }[];
  readonly program: {
    readonly argv: readonly string[];
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
  };
  /** Takes its rights from whatever program follows it, and sets its limits. */
  readonly prefix: readonly string[];
};

/** What it says, a line of JSON each. */
export type CompanionWord =
  | { readonly say: "started" }
  /** The program is not there: the error's code. */
  | { readonly say: "not-started"; readonly code: string }
  | { readonly say: "ended"; readonly exitCode: number | null; readonly signal: string | null };

/** What it is asked, a line each: signals for the program's group (SIGINT), or for everything in the namespace. */
export type CompanionSignal = "SIGINT" | "SIGTERM" | "SIGKILL";

/**
 * Runs within the namespaces, beside the agent's program: it carries its connections out, hands it the runner's
 * signals and tells how it ended. When the runner is gone it ends everything.
 *
 * It is written into a file of its own and run by Node, for the action is one file that takes long to load: so it uses
 * nothing but what is in it.
 */
export function runCompanion(startFile: string): void {
  const fs = process.getBuiltinModule("node:fs");
  const net = process.getBuiltinModule("node:net");
  const path = process.getBuiltinModule("node:path");
  const { spawn } = process.getBuiltinModule("node:child_process");
  // It signals whatever it can reach: that has to be what its namespace holds.
  if (process.ppid !== 1) throw new Error("The companion runs below the first process of a namespace only.");
  const start = JSON.parse(fs.readFileSync(startFile, "utf8")) as CompanionStart;
  const control = net.connect(start.control);
  let program: { readonly pid?: number | undefined } | null = null;

  // These are for the program. The companion lives as long as that does.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);

  function say(word: CompanionWord, then?: () => void): void {
    control.write(`${JSON.stringify(word)}\n`, then);
  }

  function leave(): void {
    process.exit(0);
  }

  function signalAll(pid: number, signal: string): void {
    try {
      process.kill(pid, signal);
    } catch {
      // There is nobody.
    }
  }

  function findProgram(): string | null {
    const command = start.program.argv[0] ?? "";
    const search = (start.program.env["PATH"] ?? "").split(":");
    const files = command.includes("/")
      ? [path.resolve(start.program.cwd, command)]
      : search.map((folder) => path.join(folder, command));
    return files.find(isExecutable) ?? null;
  }

  function isExecutable(file: string): boolean {
    try {
      fs.accessSync(file, fs.constants.X_OK);
      return fs.statSync(file).isFile();
    } catch {
      return false;
    }
  }

  async function forward(port: number, socket: string): Promise<void> {
    const server = net.createServer({ allowHalfOpen: true }, (inside) => {
      const outside = net.connect({ path: socket, allowHalfOpen: true });
      inside.pipe(outside).pipe(inside);
      inside.on("error", () => outside.destroy());
      outside.on("error", () => inside.destroy());
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  }

  function startProgram(): void {
    if (findProgram() === null) {
      say({ say: "not-started", code: "ENOENT" }, leave);
      return;
    }
    const [command = "", ...args] = [...start.prefix, ...start.program.argv];
    const { cwd, env } = start.program;
    const child = spawn(command, args, { cwd, env, stdio: "inherit", detached: true });
    program = child;
    child.on("error", (error) => {
      say({ say: "not-started", code: "code" in error ? String(error.code) : error.message }, leave);
    });
    child.on("spawn", () => {
      say({ say: "started" });
    });
    child.on("exit", (exitCode, signal) => {
      say({ say: "ended", exitCode, signal }, leave);
    });
  }

  let asked = "";
  control.on("data", (chunk) => {
    const lines = (asked + chunk.toString()).split("\n");
    asked = lines.pop() ?? "";
    for (const signal of lines) {
      // Only this one is for the program to pass on as it sees fit.
      if (signal !== "SIGINT") signalAll(-1, signal);
      else if (program?.pid !== undefined) signalAll(-program.pid, signal);
    }
  });
  const end = (): void => {
    signalAll(-1, "SIGKILL");
    leave();
  };
  control.on("error", end);
  control.on("close", end);
  control.on("connect", () => {
    void Promise.all(start.forwards.map(({ port, socket }) => forward(port, socket))).then(startProgram);
  });
}
