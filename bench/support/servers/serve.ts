import type { Question, Start, Usage } from "./contract.ts";

export type Server = {
  readonly port: number;
  prepare?(repositoryId: number, issues: number): Promise<void>;
};

type Message = { readonly start: Start } | { readonly id: number; readonly question: Question };

/** Runs a measured server for the process that forked this one, until that goes away. */
export function serve(start: (given: Start) => Promise<Server>): void {
  let server: Server | null = null;
  process.on("message", (message: Message) => {
    void answer(message).then((reply) => process.send?.(reply));
  });
  process.on("disconnect", () => process.exit());

  async function answer(message: Message): Promise<object> {
    if ("start" in message) {
      server = await start(message.start);
      return { port: server.port };
    }
    const { id, question } = message;
    if (question.kind === "usage") return { id, usage: usage() };
    await server?.prepare?.(question.repositoryId, question.issues);
    return { id };
  }
}

function usage(): Usage {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return {
    processorMs: (userCPUTime + systemCPUTime) / 1_000,
    residentMb: process.memoryUsage.rss() / 2 ** 20,
    peakResidentMb: maxRSS / 2 ** 10,
  };
}
