import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Load, LoadResult } from "./load.ts";

const GENERATOR = fileURLToPath(new URL("send-load.ts", import.meta.url));

/** Sends the load from a process of its own. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const generator = fork(GENERATOR);
  const ended = once(generator, "exit");
  generator.send(load);
  const result = await Promise.race([once(generator, "message"), ended.then(() => null)]);
  if (result === null) throw new Error("The load generator ended before its load was sent.");
  await ended;
  return result[0] as LoadResult;
}
