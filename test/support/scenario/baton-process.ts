import { fork, type ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import type { LastingLocation } from "../../../src/adapters/postgres/open-store.ts";
import type { Settings } from "../../../src/main/read-settings.ts";
import type { ScenarioForge } from "./scenario-forge.ts";

const SERVER = fileURLToPath(new URL("../../../src/main/server.ts", import.meta.url));

/** Baton as an operator runs it: a process with its settings in the environment. */
export type BatonProcess = {
  /** Where this one listens or is about to; null while there is none. */
  readonly url: () => string | null;
  /** Whether the one that was started last runs. */
  readonly isAlive: () => boolean;
  /** Starts it on the record of the one before; resolves once it listens. */
  readonly start: () => Promise<void>;
  /** Ends it without a word; resolves once it is gone. */
  readonly kill: () => Promise<void>;
  /** Ends it in order. */
  readonly stop: () => Promise<void>;
  /** All that it and those before it wrote. */
  readonly output: () => string;
};

/** The forge, and the App that Baton is there. */
type BatonSite = Pick<ScenarioForge, "privateKey" | "webhookSecret"> & {
  readonly app: { readonly id: number };
  readonly forge: { readonly url: string };
};

/** Where Baton keeps its record. */
export type ProcessStore = LastingLocation;

export function createBatonProcess(
  site: BatonSite,
  options: {
    readonly store: ProcessStore;
    /** null: where it listens. */
    readonly publicUrl: string | null;
    readonly logLevel: Settings["logLevel"];
  },
): BatonProcess {
  const output: string[] = [];
  let child: ChildProcess | null = null;
  let url: string | null = null;

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    child = null;
    url = null;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, "exit");
    ending.kill(signal);
    await gone;
  }

  return {
    url: () => url,
    isAlive: () => child !== null && child.exitCode === null && child.signalCode === null,
    output: () => output.join(""),
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    async start() {
      // Known before it listens, so that whatever comes in the meantime meets a closed port and nothing else.
      const port = await freePort();
      url = `http://127.0.0.1:${port}`;
      const started = fork(SERVER, {
        stdio: ["ignore", "pipe", "pipe", "ipc"],
        env: {
          PATH: process.env["PATH"] ?? "",
          APP_ID: String(site.app.id),
          PRIVATE_KEY: site.privateKey,
          WEBHOOK_SECRET: site.webhookSecret,
          GITHUB_API_URL: `${site.forge.url}/api/v3`,
          ACTIONS_OIDC_ISSUER: `${site.forge.url}/_oidc`,
          ...(options.publicUrl === null ? {} : { BATON_URL: options.publicUrl }),
          ...variablesOf(options.store),
          PORT: String(port),
          LOG_LEVEL: options.logLevel,
          GITHUB_WRITE_INTERVAL_MS: "0",
        },
      });
      for (const stream of [started.stdout, started.stderr]) {
        stream?.on("data", (bytes: Buffer) => output.push(bytes.toString()));
      }
      child = started;
      await new Promise<void>((resolve, reject) => {
        started.once("message", () => resolve());
        started.once("exit", (code, signal) => {
          // Killed while it started is what a scenario may want; that it gave up by itself is not.
          if (signal === "SIGKILL") resolve();
          else reject(new Error(`Baton ended with ${code ?? signal}:\n${output.join("").slice(-4_000)}`));
        });
      });
    },
  };
}

function variablesOf(store: ProcessStore): Record<string, string> {
  if ("url" in store) return { DATABASE_URL: store.url };
  if ("serverDir" in store) return { BATON_STORE: "postgres", BATON_DATA_DIR: store.serverDir };
  return { BATON_DATA_DIR: store.dataDir };
}

/** Below the ports that Linux gives to outgoing connections: one of those could take the port before Baton listens. */
const PORTS = { from: 20_000, to: 32_000 };

async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
