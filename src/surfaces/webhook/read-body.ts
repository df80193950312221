import type { IncomingMessage } from "node:http";
import type { Deadline } from "./deadlines.ts";

export type BodyLimits = {
  readonly maxBytes: number;
  /** By when the last byte must have come, however steadily they drip. */
  readonly deadline: Deadline;
  /** Takes room for so many more bytes; false when there is none. */
  readonly reserve: (bytes: number) => boolean;
};

export type Body =
  | { readonly kind: "read"; readonly bytes: Buffer }
  | { readonly kind: "too-large" | "too-slow" | "no-room" | "broken-off" };

/** Reads a request's body within the limits; at the first that is passed, it stops reading. */
export function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    limits.deadline.onPassed(() => finish({ kind: "too-slow" }));

    function finish(body: Body): void {
      request.off("data", take).off("end", end).off("close", breakOff).off("error", breakOff);
      if (body.kind !== "read") request.pause();
      resolve(body);
    }

    function take(chunk: Buffer): void {
      length += chunk.length;
      if (length > limits.maxBytes) finish({ kind: "too-large" });
      else if (!limits.reserve(chunk.length)) finish({ kind: "no-room" });
      else chunks.push(chunk);
    }

    function end(): void {
      const [only] = chunks;
      finish({ kind: "read", bytes: chunks.length === 1 && only ? only : Buffer.concat(chunks) });
    }

    function breakOff(): void {
      finish({ kind: "broken-off" });
    }

    request.on("data", take).on("end", end).on("close", breakOff).on("error", breakOff);
  });
}
