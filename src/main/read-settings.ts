import { readFileSync } from "node:fs";
import { z } from "zod";
import type { StoreLocation } from "../adapters/postgres/open-store.ts";
import type { Result } from "../base/result.ts";
import { err, ok } from "../base/result.ts";
import { readStoreLocation } from "./read-store-location.ts";

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

const Environment = z.object({
  APP_ID: z.coerce.number("must be the App's id, a number").int().positive(),
  PRIVATE_KEY: z.string().min(1).optional(),
  PRIVATE_KEY_PATH: z.string().min(1).optional(),
  WEBHOOK_SECRET: z.string("must be set").min(1, "must be set"),
  /** The secret before the current one, while it is being replaced. */
  WEBHOOK_SECRET_PREVIOUS: z.string().min(1).optional(),
  GITHUB_API_URL: z.url().default("https://api.github.com"),
  ACTIONS_OIDC_ISSUER: z.url().default("https://token.actions.githubusercontent.com"),
  BATON_URL: z.url().optional(),
  REDIS_URL: z.string().min(1).optional(),
  BATON_WORKERS: z.coerce.number().int().min(0).max(1_000).default(32),
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  LOG_LEVEL: z.enum(LOG_LEVELS).default("info"),
  GITHUB_WRITE_INTERVAL_MS: z.coerce.number().int().min(0).default(1_000),
});

export type Settings = {
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly webhookSecrets: readonly [string, ...string[]];
  /** Base of the REST API, without a slash at the end. */
  readonly githubApiUrl: string;
  readonly oidcIssuer: string;
  /** Where runners reach the server; null: at the address it listens on. */
  readonly publicUrl: string | null;
  readonly store: StoreLocation;
  /** Through which effects are handed to workers, in this process and in others; null: this process runs all of them. */
  readonly redisUrl: string | null;
  /** How many tasks' effects this process runs at once; 0 leaves them to other processes. */
  readonly workers: number;
  readonly host: string;
  readonly port: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly writeIntervalMs: number;
};

/** Settings of the server from its environment; the error names each variable that is missing or wrong. */
export function readSettings(env: NodeJS.ProcessEnv): Result<Settings, string> {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    return err(`The environment is not complete: ${problems.join("; ")}.`);
  }
  const read = parsed.data;
  const privateKey = readPrivateKey(read.PRIVATE_KEY, read.PRIVATE_KEY_PATH);
  if (!privateKey.ok) return privateKey;
  const store = readStoreLocation(env);
  if (!store.ok) return store;
  if (read.BATON_WORKERS === 0 && read.REDIS_URL === undefined) {
    return err("With BATON_WORKERS=0 nobody would run effects: set REDIS_URL, and run workers on it.");
  }
  const previous = read.WEBHOOK_SECRET_PREVIOUS;
  return ok({
    appId: read.APP_ID,
    privateKey: privateKey.value,
    webhookSecret: read.WEBHOOK_SECRET,
    webhookSecrets: previous === undefined ? [read.WEBHOOK_SECRET] : [read.WEBHOOK_SECRET, previous],
    githubApiUrl: withoutSlash(read.GITHUB_API_URL),
    oidcIssuer: withoutSlash(read.ACTIONS_OIDC_ISSUER),
    publicUrl: read.BATON_URL === undefined ? null : withoutSlash(read.BATON_URL),
    store: store.value,
    redisUrl: read.REDIS_URL ?? null,
    workers: read.BATON_WORKERS,
    host: read.HOST,
    port: read.PORT,
    logLevel: read.LOG_LEVEL,
    writeIntervalMs: read.GITHUB_WRITE_INTERVAL_MS,
  });
}

/** Keys come with real line breaks, or with `\n` where an environment can hold one line only. */
function readPrivateKey(key: string | undefined, path: string | undefined): Result<string, string> {
  if (key !== undefined) return ok(key.replaceAll("\\n", "\n"));
  if (path === undefined) return err("The environment is not complete: set PRIVATE_KEY or PRIVATE_KEY_PATH.");
  try {
    return ok(readFileSync(path, "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return err(`The private key cannot be read: ${why}.`);
  }
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
