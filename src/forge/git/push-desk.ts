import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RefUpdate } from "./update-refs.ts";

/** What becomes of one reference of a push. */
export type RefVerdict =
  | { readonly kind: "updated"; readonly ref: string }
  | {
      readonly kind: "refused";
      readonly ref: string;
      /** Shown by git in brackets behind `[remote rejected]`. */
      readonly reason: string;
      /** Shown by git as lines that start with `remote:`. */
      readonly messages: readonly string[];
    };

/**
 * Decides on the updates of one push and carries out what it accepts. When it returns, everything that
 * must outlive a crash is stored: git tells its user of success right afterwards.
 */
export type PushReceiver = (push: IncomingPush) => Promise<readonly RefVerdict[]>;

export interface IncomingPush {
  readonly updates: readonly RefUpdate[];
  /** The client wants all of them or none. */
  readonly atomic: boolean;
}

/** Where git's hooks come to have their pushes decided. */
export interface PushDesk {
  /**
   * Environment that routes a `git receive-pack` to the receiver, until the returned release is called.
   */
  open(receiver: PushReceiver): { readonly env: Record<string, string>; readonly release: () => void };
  close(): Promise<void>;
}

/** Starts the desk on a socket that only this user can reach, with the hook that connects to it. */
export async function openPushDesk(): Promise<PushDesk> {
  // Socket paths may have about 100 bytes, which a directory of the user's choice could exceed.
  const directory = await mkdtemp(join(tmpdir(), "forge-push-"));
  const socketPath = join(directory, "socket");
  await writeHook(directory);
  const receivers = new Map<string, PushReceiver>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    void answer(socket, receivers);
  });
  await listen(server, socketPath);
  return {
    open: (receiver) => {
      const ticket = randomBytes(16).toString("hex");
      receivers.set(ticket, receiver);
      return {
        env: hookEnvironment({ directory, socketPath, ticket }),
        release: () => receivers.delete(ticket),
      };
    },
    close: async () => {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function writeHook(directory: string): Promise<void> {
  const hook = join(directory, "proc-receive");
  await writeFile(hook, '#!/bin/sh\nexec "$FORGE_NODE" "$FORGE_PUSH_RELAY"\n');
  await chmod(hook, 0o755);
}

function hookEnvironment(desk: { directory: string; socketPath: string; ticket: string }) {
  return {
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_0: "safe.directory",
    GIT_CONFIG_VALUE_0: "*",
    GIT_CONFIG_KEY_1: "core.hooksPath",
    GIT_CONFIG_VALUE_1: desk.directory,
    FORGE_NODE: process.execPath,
    FORGE_PUSH_RELAY: join(import.meta.dirname, "proc-receive-relay.ts"),
    FORGE_PUSH_SOCKET: desk.socketPath,
    FORGE_PUSH_TICKET: desk.ticket,
    // Saves most of the hook's start-up: its types need to be stripped only once.
    NODE_COMPILE_CACHE: join(desk.directory, "compiled"),
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
}

async function answer(socket: Socket, receivers: Map<string, PushReceiver>): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  const request = JSON.parse(Buffer.concat(chunks).toString("utf8")) as PushRequest;
  const receiver = receivers.get(request.ticket);
  const updates = request.commands.map(parseCommand);
  const verdicts =
    receiver === undefined
      ? updates.map(unknownPush)
      : await receive(receiver, { updates, atomic: request.atomic });
  socket.end(JSON.stringify(renderVerdicts(verdicts)));
}

interface PushRequest {
  readonly ticket: string;
  /** `<before> <after> <ref>` */
  readonly commands: readonly string[];
  readonly atomic: boolean;
}

async function receive(receiver: PushReceiver, push: IncomingPush): Promise<readonly RefVerdict[]> {
  try {
    return await receiver(push);
  } catch (error) {
    console.error("The forge failed on a push:", error);
    return push.updates.map(({ ref }) => refusal(ref, "Internal Server Error"));
  }
}

function unknownPush({ ref }: RefUpdate): RefVerdict {
  return refusal(ref, "the push is no longer expected");
}

function refusal(ref: string, reason: string): RefVerdict {
  return { kind: "refused", ref, reason, messages: [] };
}

function parseCommand(command: string): RefUpdate {
  const [before = "", after = "", ...name] = command.split(" ");
  return { before, after, ref: name.join(" ") };
}

function renderVerdicts(verdicts: readonly RefVerdict[]): { messages: string[]; statuses: string[] } {
  return {
    messages: verdicts.flatMap((verdict) => (verdict.kind === "refused" ? verdict.messages : [])),
    statuses: verdicts.map((verdict) =>
      verdict.kind === "updated" ? `ok ${verdict.ref}` : `ng ${verdict.ref} ${verdict.reason}`,
    ),
  };
}
