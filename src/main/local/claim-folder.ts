import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Result } from "../../base/result.ts";
import { err } from "../../base/result.ts";
import { explainFailure } from "./explain-failure.ts";
import type { Release } from "./lock-folder.ts";
import { lockFolder } from "./lock-folder.ts";

/** What a folder of Baton's was made for. A demo starts anew each time, so only its own folder is ever wiped. */
export type Purpose = "demo" | "local";

const MARK = "baton-folder.txt";

/** Takes the folder for this process; one that is neither new nor Baton's own is left as it is. */
export async function claimFolder(dir: string, purpose: Purpose): Promise<Result<Release, string>> {
  try {
    const locked = lockFolder(dir);
    if (!locked.ok) return locked;
    const refusal = await prepare(dir, purpose);
    if (refusal === null) return locked;
    locked.value();
    return err(refusal);
  } catch (error) {
    return err(`${dir} cannot be used: ${explainFailure(error)}.`);
  }
}

/** @returns why it is not for this purpose; null once it is ready for it. */
async function prepare(dir: string, purpose: Purpose): Promise<string | null> {
  const found = await namesIn(dir);
  const held = found.includes(MARK) ? (await readFile(join(dir, MARK), "utf8")).trim() : null;
  if (found.length > 0 && held === null) {
    return `${dir} holds something else: name a new folder, or an empty one, with --dir.`;
  }
  if (purpose === "demo" && held === "local") {
    return `${dir} holds what npm run local keeps, which the demo would wipe: name another with --dir.`;
  }
  if (purpose === "demo") await rm(dir, { recursive: true, force: true });
  // What is kept here includes the App's private key and everybody's tokens.
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if (purpose === "demo" || held === null) await writeFile(join(dir, MARK), `${purpose}\n`);
  return null;
}

async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
