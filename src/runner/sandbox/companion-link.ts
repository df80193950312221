import { chmod } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { CompanionSignal, CompanionWord } from "./companion.ts";

const Word: z.ZodType<CompanionWord> = z.discriminatedUnion("say", [
  z.object({ say: z.literal("started") }),
  z.object({ say: z.literal("not-started"), code: z.string() }),
  z.object({
    say: z.literal("ended"),
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable(),
  }),
]);

/** The runner's end of what it and a companion say to each other. */
export type CompanionLink = {
  /** What the companion has said last; null while it said nothing. */
  readonly last: () => CompanionWord | null;
  readonly send: (signal: CompanionSignal) => void;
  /** Resolves when a companion that is gone has been heard out. */
  readonly heard: () => Promise<void>;
  readonly close: () => void;
};

/** Waits for one companion at a Unix socket; whoever comes later is not heard. */
export async function openCompanionLink(
  path: string,
  onWord: (word: CompanionWord) => void,
): Promise<CompanionLink> {
  let companion: Socket | null = null;
  let last: CompanionWord | null = null;
  let heard: Promise<void> | null = null;
  const unsent: CompanionSignal[] = [];
  const server = createServer((socket) => {
    if (companion !== null) {
      socket.destroy();
      return;
    }
    companion = socket;
    socket.on("error", () => undefined);
    const lines = createInterface({ input: socket });
    // It passes on what goes wrong with the socket: that the companion is gone, which is no surprise.
    lines.on("error", () => undefined);
    heard = new Promise((resolve) => lines.once("close", resolve));
    // A socket that breaks has no end to its lines.
    socket.once("close", () => {
      lines.close();
    });
    lines.on("line", (line) => {
      const word = readWord(line);
      if (word === null || last?.say === "ended") return;
      last = word;
      onWord(word);
    });
    for (const signal of unsent) socket.write(`${signal}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  await chmod(path, 0o600);
  return {
    last: () => last,
    send: (signal) => {
      if (companion === null) unsent.push(signal);
      else companion.write(`${signal}\n`);
    },
    heard: () => heard ?? new Promise((resolve) => setImmediate(resolve)),
    close: () => {
      companion?.destroy();
      server.close();
    },
  };
}

function readWord(line: string): CompanionWord | null {
  try {
    return Word.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
