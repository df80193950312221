import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Question, Start, Usage } from "./contract.ts";

export type ServerProgram = "bare" | "no-op-probot" | "naive-probot" | "baton" | "baton-inbox";

export type RunningServer = {
  readonly port: number;
  prepare(repositoryId: number, issues: number): Promise<void>;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
};

/** What `npm start` gives Node. */
function flagsOfBaton(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
    readonly scripts: { readonly start: string };
  };
  return scripts.start.split(" ").filter((word) => word.startsWith("--"));
}

/** Starts one of the measured servers in a process of its own. */
export async function startServer(program: ServerProgram, start: Start): Promise<RunningServer> {
  const path = fileURLToPath(new URL(`${program}.ts`, import.meta.url));
  const server = fork(path, { execArgv: program.startsWith("baton") ? [...flagsOfBaton()] : [] });
  const answers = new Map<number, (answer: { readonly usage?: Usage }) => void>();
  const exited = once(server, "exit");
  const ready = once(server, "message") as Promise<[{ readonly port: number }]>;
  server.send({ start });
  const first = await Promise.race([ready, exited.then(() => null)]);
  if (first === null) throw new Error(`The server ${program} ended while it was being started.`);
  server.on("message", (answer: { readonly id: number; readonly usage?: Usage }) => {
    answers.get(answer.id)?.(answer);
    answers.delete(answer.id);
  });

  let questions = 0;
  async function ask(question: Question): Promise<{ readonly usage?: Usage }> {
    const id = ++questions;
    const answer = new Promise<{ readonly usage?: Usage }>((resolve) => answers.set(id, resolve));
    server.send({ id, question });
    return answer;
  }

  return {
    port: first[0].port,
    async prepare(repositoryId, issues) {
      await ask({ kind: "prepare", repositoryId, issues });
    },
    async usage() {
      const { usage } = await ask({ kind: "usage" });
      if (!usage) throw new Error(`The server ${program} does not know what it used.`);
      return usage;
    },
    async stop() {
      if (server.connected) server.disconnect();
      await exited;
    },
  };
}
