import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { Timers } from "../timers.ts";
import { endSession, type Grace, type Reach } from "./end-session.ts";
import { createLineSplitter } from "./line-splitter.ts";
import { whenAborted } from "./when-aborted.ts";

export type RunControl = {
  readonly stop: AbortSignal;
  readonly grace: () => Grace;
  readonly timers: Timers;
  /** Told of every piece of output, as it comes. */
  readonly onOutputBytes?: (count: number) => void;
};

type Streams = {
  /** All that it reads, or what is written to it while it runs. */
  readonly stdin: string | Readable;
  readonly onLine: (stream: "stdout" | "stderr", line: string) => void;
  /** A longer line comes in pieces. */
  readonly maxLineCharacters?: number;
};

export type ProcessExit = { readonly exitCode: number | null; readonly signal: string | null };

/** How long the output may stay open after the program and all that was found of its children are gone. */
const OUTPUT_GRACE_MS = 1_000;

/**
 * Feeds a process that was just spawned, forwards what it prints, and stops it, with all that `reach` finds, once
 * `stop` is aborted. Resolves when nothing of it is left; throws what spawning it threw.
 */
export async function attendProgram(
  child: ChildProcessWithoutNullStreams,
  streams: Streams,
  control: RunControl & { readonly reach: Reach },
): Promise<ProcessExit> {
  const { stop, timers, reach } = control;
  const exited = exitOf(child);
  const drained = forwardOutput(child, streams, control);
  // A program that does not read its input closes the pipe: that is its right.
  child.stdin.on("error", () => undefined);
  if (typeof streams.stdin === "string") child.stdin.end(streams.stdin);
  else streams.stdin.pipe(child.stdin);

  const stopping = whenAborted(stop).then(async () => {
    if (child.pid !== undefined) await endSession(reach, exited, { grace: control.grace(), timers });
  });
  const exit = await exited;
  if (stop.aborted) await stopping;
  await reach.kill();
  await Promise.race([drained, timers.sleep(OUTPUT_GRACE_MS)]);
  // Where this process was held up as long, what was printed is still to be read.
  await setImmediate();
  child.stdout.destroy();
  child.stderr.destroy();
  return exit;
}

async function exitOf(child: ChildProcessWithoutNullStreams): Promise<ProcessExit> {
  const [exitCode, signal] = (await once(child, "exit")) as [number | null, string | null];
  return { exitCode, signal };
}

async function forwardOutput(
  child: ChildProcessWithoutNullStreams,
  { onLine, maxLineCharacters }: Streams,
  { onOutputBytes }: RunControl,
): Promise<void> {
  const streams = (["stdout", "stderr"] as const).map(async (name) => {
    const splitter = createLineSplitter((line) => {
      onLine(name, line);
    }, maxLineCharacters);
    child[name].on("data", (chunk: Buffer) => {
      onOutputBytes?.(chunk.length);
      splitter.write(chunk);
    });
    await new Promise<void>((resolve) => child[name].once("close", resolve));
    splitter.end();
  });
  await Promise.all(streams);
}
