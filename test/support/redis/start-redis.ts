import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type TestRedis = {
  /** Of its Unix socket, as the client takes it. */
  readonly url: string;
  /** SIGKILL. It keeps nothing on disk, so that what was in it is gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

/** Where the server is; null when Redis is not installed on this machine. */
export function findRedisServer(): string | null {
  const folders = ["/usr/bin", ...(process.env["PATH"] ?? "").split(":")];
  return folders.map((folder) => join(folder, "redis-server")).find((path) => existsSync(path)) ?? null;
}

/** A Redis server of its own in memory, reached over a Unix socket in a temporary folder. */
export async function startRedis(options: readonly string[] = []): Promise<TestRedis> {
  const program = findRedisServer();
  if (program === null) throw new Error("Redis is not installed on this machine.");
  const folder = await mkdtemp(join(tmpdir(), "baton-redis-"));
  const url = join(folder, "redis.sock");
  const settings = ["--port", "0", "--unixsocket", url, "--save", "", "--appendonly", "no", "--dir", folder];
  let server: ChildProcess | null = null;

  async function start(): Promise<void> {
    const started = spawn(program ?? "", [...settings, ...options], { stdio: ["ignore", "pipe", "inherit"] });
    server = started;
    await new Promise<void>((ready, fail) => {
      let log = "";
      started.stdout.setEncoding("utf8").on("data", (text: string) => {
        log += text;
        if (log.includes("ready to accept connections")) ready();
      });
      started.once("exit", () => fail(new Error(`Redis did not start:\n${log}`)));
    });
  }

  async function kill(): Promise<void> {
    const ending = server;
    server = null;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const exited = once(ending, "exit");
    ending.kill("SIGKILL");
    await exited;
    await rm(url, { force: true });
  }

  await start();
  return {
    url,
    start,
    kill,
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
