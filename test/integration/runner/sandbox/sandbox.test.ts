import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { isRunning } from "../../../support/is-running.ts";
import { waitFor } from "../../../support/wait-for.ts";
import { holdSession, type HeldEnd, type HeldSession } from "./hold-session.ts";

/** As whom sessions are tried: root and an ordinary user take different ways to the same sandbox. */
const USERS = process.getuid?.() === 0 ? (["root", "nobody"] as const) : (["this user"] as const);
type User = (typeof USERS)[number];

const HOLD_SESSION = fileURLToPath(new URL("hold-session.ts", import.meta.url));

async function hold(user: User, session: HeldSession): Promise<HeldEnd> {
  if (user !== "nobody") return holdSession(session);
  const as = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"];
  const child = spawn("setpriv", [...as, process.execPath, HOLD_SESSION, JSON.stringify(session)], {
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", TMPDIR: tmpdir() },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  return JSON.parse(said) as HeldEnd;
}

/** Tries what a hostile agent would, each line a name and whether it came to something. */
const HOSTILE = `
  root=\${WHERE#in }
  can() { name=$1; shift; if "$@" >/dev/null 2>&1; then echo "can $name"; else echo "cannot $name"; fi; }
  can write-work touch made
  can write-home touch "$HOME/made"
  can write-temp touch "$TMPDIR/made" /tmp/made
  can write-system touch /usr/made /etc/made /made
  can read-job cat "$root/job/secret"
  can read-machine cat "$root/machine/secret"
  can list-homes ls /home/* /root/.ssh /root/.docker
  can find-docker ls /run/docker.sock /var/run/docker.sock
  can reach-machine node -e 'connect(process.env.PORT)'
  can mount mount -t tmpfs none /etc
  can unmount umount /etc
  can remount mount -o remount,rw,bind /usr
  can unmount-as-its-own-root unshare --user --map-root-user --mount umount /etc
  can remount-as-its-own-root unshare --user --map-root-user --mount mount -o remount,rw,bind /usr
  can become-root sudo -n true
  can read-init cat /proc/1/environ
  can write-kernel sh -c 'echo x > /proc/sys/kernel/core_pattern'
  can own-terminal node -e 'fs.accessSync("/dev/ptmx", 6)'
`;

const CONNECT = `
  const connect = (port, host = "127.0.0.1") => new Promise((resolve) => {
    const socket = require("node:net").connect(port, host);
    socket.setEncoding("utf8");
    socket.on("data", (text) => { console.log(text.trim()); socket.destroy(); resolve(); });
    socket.on("error", (error) => { console.log(error.code); resolve(); });
  });
`;

const node = (source: string): Pick<HeldSession, "script" | "argv"> => ({
  script: "",
  argv: ["node", "-e", `${CONNECT}\n(async () => { ${source} })();`],
});

describe.each(USERS)("a session of %s", (user) => {
  test("does what it has to, and nothing else, where the machine can hold it", async () => {
    const { held, lines } = await hold(user, { script: HOSTILE.replaceAll("node -e 'connect(", "false '") });
    const can = lines.filter((line) => line.startsWith("can ")).map((line) => line.slice(4));
    if (held.level === "full")
      expect(can).toEqual(["write-work", "write-home", "write-temp", "own-terminal"]);
    // What is not held is not said to be.
    else expect([held.hosts, can]).toEqual([null, expect.arrayContaining(["read-machine"])]);
  });

  test("reaches what is forwarded to it, and the machine's network only where it says so", async () => {
    const { held, lines } = await hold(
      user,
      node(`await connect(40404); await connect(process.env.PORT); await connect(80, "169.254.169.254");`),
    );
    if (held.level === "full") expect(lines).toEqual(["the model", "ECONNREFUSED", "ENETUNREACH"]);
    else expect(lines[1]).toBe("the machine");
  });

  test("has its own processes and no rights in its own view", async () => {
    const { held, lines } = await hold(user, {
      script: "id -u; ls -d /proc/[0-9]* | wc -l; grep -E '^(NoNewPrivs|CapEff|CapPrm):' /proc/self/status",
    });
    if (held.level !== "full")
      return expect(held.summary).toMatch(/^(The sandbox holds processes only|There is no)/);
    expect(lines[0]).not.toBe("0");
    expect(Number(lines[1])).toBeLessThan(10);
    expect(lines.slice(2).map((line) => line.replace(/\s+/, " "))).toEqual([
      "CapPrm: 0000000000000000",
      "CapEff: 0000000000000000",
      "NoNewPrivs: 1",
    ]);
  });

  test("may reach the hosts that the policy names, and is told of every other", async () => {
    const { held, lines, refused } = await hold(user, {
      ...node(`
        const ask = (host) => new Promise((resolve) => {
          const [, address, port] = /http:\\/\\/(.*):(\\d+)/.exec(process.env.HTTPS_PROXY ?? "") ?? [];
          if (!address) return resolve();
          const asking = require("node:http").request({ host: address, port, method: "CONNECT", path: host });
          asking.on("connect", (answer) => { console.log(host, answer.statusCode); answer.destroy(); resolve(); });
          asking.end();
        });
        await ask("elsewhere.example:443"); await ask("named.invalid:443");
      `),
      sandbox: { hosts: ["named.invalid"] },
    });
    if (held.level !== "full") return expect(held.hosts).toBeNull();
    expect(lines).toEqual(["elsewhere.example:443 403", "named.invalid:443 502"]);
    expect(refused[0]).toBe(
      "The session asked for elsewhere.example:443, which the policy's sandbox.hosts does not name.",
    );
    expect(held.hosts).toEqual(["named.invalid"]);
  });
});

/** Starts what hides as well as it can: nobody's child, in a session of its own, without a variable. */
function hide(mark: string): string {
  return `(env -i setsid sh -c 'trap "" INT TERM HUP; echo hidden; while :; do sleep 1; done' ${mark} &)`;
}

describe.each(USERS)("the supervisor of %s", (user) => {
  describe.each(["full", "process"] as const)("with a machine that has %s", (level) => {
    test("leaves nothing of a session that ended by itself", async () => {
      const mark = `hidden-${randomUUID()}`;
      const { end } = await hold(user, { level, script: `${hide(mark)}; sleep 0.3; exit 5` });
      expect(end).toEqual({ exitCode: 5, signal: null });
      await waitFor(() => expect(isRunning(mark)).toBe(false));
    });

    test("leaves nothing of a session that it had to kill", async () => {
      const mark = `hidden-${randomUUID()}`;
      const script = `trap '' INT TERM; ${hide(mark)}; while :; do sleep 0.1; done`;
      const { end, lines } = await hold(user, { level, script, stopOn: "hidden", graceMs: 100 });
      expect(lines).toContain("hidden");
      expect(end).toEqual({ exitCode: null, signal: "SIGKILL" });
      await waitFor(() => expect(isRunning(mark)).toBe(false));
    });

    test("lets a program that heeds the interrupt say its last word", async () => {
      const script = "trap 'echo last word; exit 6' INT; echo ready; while :; do sleep 0.05; done";
      const { end, lines } = await hold(user, { level, script, stopOn: "ready" });
      expect(lines).toContain("last word");
      expect(end).toEqual({ exitCode: 6, signal: null });
    });

    test("terminates one that does not, wherever it is", async () => {
      const script = `trap '' INT; setsid sh -c 'trap "echo terminated; exit" TERM; echo ready; while :; do sleep 0.05; done' & trap 'wait; exit 7' TERM; while :; do sleep 0.05; done`;
      const { end, lines } = await hold(user, { level, script, stopOn: "ready", interruptMs: 200 });
      expect(lines).toContain("terminated");
      expect(end).toEqual({ exitCode: 7, signal: null });
    });

    test("ends a session that holds up whoever looks after it", async () => {
      const mark = `hidden-${randomUUID()}`;
      const script = `${hide(mark)}; sleep 0.2; kill -STOP $PPID; echo ready; while :; do sleep 0.1; done`;
      await hold(user, { level, script, stopOn: "ready", graceMs: 100 });
      await waitFor(() => expect(isRunning(mark)).toBe(false));
    });

    test("tells a signal from an exit code, and a program that is not there from both", async () => {
      expect((await hold(user, { level, script: "kill -SEGV $$" })).end).toEqual({
        exitCode: null,
        signal: "SIGSEGV",
      });
      expect((await hold(user, { level, script: "exit 139" })).end).toEqual({ exitCode: 139, signal: null });
      const missing = await hold(user, { level, script: "", argv: ["no-such-agent"] });
      expect(missing.error).toBe("The program no-such-agent could not be started (ENOENT).");
    });
  });
});

// Without namespaces, the system does not limit the processes of root.
test.each(USERS)("a fork bomb of %s ends within its limit", async (user) => {
  const mark = `bomb-${randomUUID()}`;
  const { held, limits } = await hold(user, {
    // All but the one that is refused stay, so that there are too many however late they are counted.
    script: `: ${mark}; bomb() { while :; do sleep 600 & done; }; [ "$(id -u)" = 0 ] || bomb & exec sleep 60`,
    sandbox: { maxProcesses: 100 },
  });
  const why =
    "The session was stopped at its limit of 100 processes and threads; the policy's sandbox.processes sets another.";
  expect(limits).toEqual(user === "root" && held.level !== "full" ? [] : [why]);
  await waitFor(() => expect(isRunning(mark)).toBe(false));
});

const MEBIBYTE = 1024 ** 2;

describe.each(["full", "process", "none"] as const)("limits with a machine that has %s", (level) => {
  test.each([
    [
      "memory",
      { memoryBytes: 200 * MEBIBYTE },
      "200 MiB of memory",
      `node -e 'const held = []; setInterval(() => held.push(Buffer.alloc(2e7, 1)), 20)'`,
    ],
    ["cpu", { cpuMs: 1_000 }, "1 s of processor time", "while :; do :; done"],
    [
      "disk",
      { diskBytes: 20 * MEBIBYTE },
      "20 MiB of disk",
      `for n in 1 2 3; do head -c 10000000 /dev/urandom > "$TMPDIR/$n"; done; sleep 600`,
    ],
    ["output", { outputBytes: MEBIBYTE }, "1 MiB of output", "yes"],
  ])("%s: a session is stopped at it, and told which it was", async (key, sandbox, limit, script) => {
    const { limits, held } = await hold(USERS[0], { level, script, sandbox });
    expect(limits).toEqual([
      `The session was stopped at its limit of ${limit}; the policy's sandbox.${key} sets another.`,
    ]);
    expect(held.limits).toMatchObject(sandbox);
  });
});

test("a file that would grow past its limit is cut off by the system", async () => {
  const { limits } = await hold(USERS[0], {
    script: "exec head -c 5000000 /dev/zero > large",
    sandbox: { maxFileBytes: MEBIBYTE },
  });
  expect(limits).toEqual([
    "The session was stopped at its limit of 1 MiB for one file; the policy's sandbox.file sets another.",
  ]);
});
