/** What a probe tries, as JSON in its first argument. */
export type ProbeTask = {
  /** A port on which this machine's own loopback interface answers. */
  readonly machinePort: number;
  /** A port on which a forwarder answers "pong". */
  readonly forwardedPort: number;
  /** A file of the machine that a session must not see. */
  readonly secretFile: string;
  /** A folder of the system that a session sees. */
  readonly systemFolder: string;
  /** More processes than the session may have. */
  readonly processes: number;
  /** More bytes than a file of the session may have. */
  readonly fileBytes: number;
};

/** What a session of this machine can and cannot do. */
export type ProbeResult = {
  readonly reachesMachine: boolean;
  readonly reachesForwarded: boolean;
  readonly readsSecret: boolean;
  readonly writesSystem: boolean;
  readonly writesWorkTree: boolean;
  /** The process is root, has capabilities, or could get them by running a program that belongs to root. */
  readonly hasRights: boolean;
  /** Processes that are not the session's are in its /proc. */
  readonly seesOthers: boolean;
  readonly passesProcesses: boolean;
  readonly passesFileSize: boolean;
};

/**
 * Tries what a confined session must not be able to do, and prints what came of it as JSON. Node runs it from its
 * source, as it stands, within the sandbox.
 */
export async function runProbe(text: string): Promise<void> {
  const fs = process.getBuiltinModule("node:fs");
  const net = process.getBuiltinModule("node:net");
  const { spawn } = process.getBuiltinModule("node:child_process");
  const task = JSON.parse(text) as ProbeTask;

  function can(act: () => unknown): boolean {
    try {
      act();
      return true;
    } catch {
      return false;
    }
  }

  async function hears(port: number): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = net.connect({ port, host: "127.0.0.1" });
      socket.on("data", () => {
        socket.destroy();
        resolve(true);
      });
      for (const event of ["error", "close"])
        socket.on(event, () => {
          resolve(false);
        });
    });
  }

  function hasRights(): boolean {
    const status = fs.readFileSync("/proc/self/status", "utf8");
    const effective = /^CapEff:\s*0+$/m.test(status) && /^CapPrm:\s*0+$/m.test(status);
    return process.getuid?.() === 0 || !effective || !/^NoNewPrivs:\s*1$/m.test(status);
  }

  /** The first process is the launcher's shell, and all of this namespace were started after it. */
  function seesOthers(): boolean {
    const names = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    return names.length > 10 || !fs.readFileSync("/proc/1/cmdline", "utf8").includes("launch.sh");
  }

  async function passesProcesses(): Promise<boolean> {
    const children = [];
    let isRefused = false;
    for (let count = 0; count < task.processes && !isRefused; count++) {
      const child = spawn("/bin/sh", ["-c", "read line"], { stdio: ["pipe", "ignore", "ignore"] });
      child.on("error", () => undefined);
      isRefused = child.pid === undefined;
      children.push(child);
    }
    // One that could not be started has no number, and Node signals whatever number is left in its memory.
    for (const child of children) if (child.pid !== undefined) child.kill("SIGKILL");
    return !isRefused;
  }

  function passesFileSize(): boolean {
    const file = fs.openSync("probe-size", "w");
    try {
      const passes = can(() => fs.writeSync(file, "x", task.fileBytes));
      return passes && fs.fstatSync(file).size > task.fileBytes;
    } finally {
      fs.closeSync(file);
      fs.rmSync("probe-size");
    }
  }

  // The system would end the process for it, were it not told.
  process.on("SIGXFSZ", () => undefined);
  const result: ProbeResult = {
    reachesMachine: await hears(task.machinePort),
    reachesForwarded: await hears(task.forwardedPort),
    readsSecret: can(() => fs.readFileSync(task.secretFile)),
    writesSystem: can(() => {
      const file = `${task.systemFolder}/baton-probe-${process.pid}`;
      fs.writeFileSync(file, "");
      fs.rmSync(file);
    }),
    writesWorkTree: can(() => {
      fs.writeFileSync("probe", "");
    }),
    hasRights: hasRights(),
    seesOthers: seesOthers(),
    passesFileSize: passesFileSize(),
    passesProcesses: await passesProcesses(),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
