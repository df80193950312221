import type { Result } from "../base/result.ts";
import { err, ok } from "../base/result.ts";
import type { Settings } from "./read-settings.ts";
import { readSettings } from "./read-settings.ts";

export type WorkerSettings = Settings & { readonly redisUrl: string; readonly publicUrl: string };

/** Settings of a worker: the server's environment, where it allows for processes beside the server. */
export function readWorkerSettings(env: NodeJS.ProcessEnv): Result<WorkerSettings, string> {
  const settings = readSettings(env);
  if (!settings.ok) return settings;
  const { redisUrl, publicUrl, store, workers } = settings.value;
  if (redisUrl === null)
    return err("A worker gets its work through Redis: set REDIS_URL, as for the server.");
  if (!("url" in store)) {
    return err(
      "An embedded database is the server's alone: set DATABASE_URL, as for the server, to run workers.",
    );
  }
  if (publicUrl === null) {
    return err("A worker tells runners where the server is: set BATON_URL, as for the server.");
  }
  if (workers === 0) return err("A worker with BATON_WORKERS=0 would do nothing: set it to 1 or more.");
  return ok({ ...settings.value, redisUrl, publicUrl });
}
