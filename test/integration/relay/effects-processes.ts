import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("./effects-process.ts", import.meta.url));

export type EffectsProcess = {
  readonly databaseUrl: string;
  /** null: effects run in the process that hands them over. */
  readonly redisUrl: string | null;
  /** Only servers hand over. */
  readonly role: "server" | "worker";
  /** File that every process appends to when an effect starts and ends. */
  readonly notes: string;
  readonly name: string;
};

/** Processes that run effects, to be killed. */
export class EffectsProcesses {
  readonly #common: Pick<EffectsProcess, "databaseUrl" | "redisUrl" | "notes">;
  readonly #running = new Map<
    string,
    { readonly child: ChildProcess; readonly role: EffectsProcess["role"] }
  >();
  #started = 0;

  constructor(common: Pick<EffectsProcess, "databaseUrl" | "redisUrl" | "notes">) {
    this.#common = common;
  }

  get names(): readonly string[] {
    return [...this.#running.keys()];
  }

  async start(role: EffectsProcess["role"]): Promise<void> {
    const name = `${role}-${++this.#started}`;
    const child = fork(PROGRAM, [JSON.stringify({ ...this.#common, role, name })]);
    this.#running.set(name, { child, role });
    await once(child, "message");
  }

  /** SIGKILL, and another one in its place. */
  async replace(name: string): Promise<void> {
    const role = this.#running.get(name)?.role;
    if (!role) throw new Error(`There is no process ${name}.`);
    await this.#kill(name);
    await this.start(role);
  }

  async killAll(): Promise<void> {
    for (const name of this.names) await this.#kill(name);
  }

  async #kill(name: string): Promise<void> {
    const child = this.#running.get(name)?.child;
    this.#running.delete(name);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }
}
