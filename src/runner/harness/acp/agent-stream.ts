import { PassThrough } from "node:stream";
import type { AnyMessage, Stream } from "@agentclientprotocol/sdk";

/** A message may hold a whole file. */
export const MAX_MESSAGE_CHARACTERS = 32 * 1024 * 1024;

/** The lines of an agent's program as the messages of a connection. */
export type AgentStream = {
  readonly stream: Stream;
  /** What the program reads. */
  readonly stdin: PassThrough;
  /** Whether the line was a message. */
  readonly receive: (line: string) => boolean;
  /** No more comes from the program. */
  readonly end: () => void;
};

export function agentStream(): AgentStream {
  const stdin = new PassThrough();
  let controller: ReadableStreamDefaultController<AnyMessage> | null = null;
  const readable = new ReadableStream<AnyMessage>({
    start: (given) => {
      controller = given;
    },
    cancel: () => {
      controller = null;
    },
  });
  const writable = new WritableStream<AnyMessage>({
    write: (message) => {
      if (!stdin.writableEnded) stdin.write(`${JSON.stringify(message)}\n`);
    },
  });
  return {
    stream: { readable, writable },
    stdin,
    receive: (line) => {
      const message = readMessage(line);
      if (message === null) return false;
      controller?.enqueue(message);
      return true;
    },
    end: () => {
      controller?.close();
      controller = null;
    },
  };
}

function readMessage(line: string): AnyMessage | null {
  if (!line.startsWith("{")) return null;
  try {
    const json = JSON.parse(line) as Record<string, unknown>;
    return json["jsonrpc"] === "2.0" ? (json as AnyMessage) : null;
  } catch {
    return null;
  }
}
