import { access } from "node:fs/promises";
import { join } from "node:path";
import type { HarnessSession } from "../harness.ts";

type SessionPlace = Pick<HarnessSession, "homeDir">;

/** opencode keeps all sessions in one database, of which the newest part lies in files beside it. */
export async function findOpencodeTranscript({ homeDir }: SessionPlace): Promise<string | null> {
  const directory = placeOfOpencodeTranscript({ homeDir });
  return access(join(directory, "opencode.db")).then(
    () => directory,
    () => null,
  );
}

export function placeOfOpencodeTranscript({ homeDir }: SessionPlace): string {
  return join(homeDir, ".local", "share", "opencode");
}
