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

const MOVE = [
  'const { DatabaseSync } = require("node:sqlite");',
  "const [file, session, directory] = process.argv.slice(1);",
  'const move = new DatabaseSync(file).prepare("UPDATE session SET directory = ? WHERE id = ?");',
  "process.exitCode = Number(move.run(directory, session).changes) === 1 ? 0 : 1;",
].join("\n");

/**
 * Has a session of the database go on in this work tree: it keeps the one in which it began, which another machine has
 * not. What an agent may have written is read by a program of the session. False where there is no such session.
 */
export async function moveOpencodeSession(
  { homeDir, workTree, run }: Pick<HarnessSession, "homeDir" | "workTree" | "run">,
  sessionId: string,
): Promise<boolean> {
  const database = join(placeOfOpencodeTranscript({ homeDir }), "opencode.db");
  const { exitCode } = await run({
    argv: [process.execPath, "--no-warnings", "-e", MOVE, "--", database, sessionId, workTree],
    stdin: "",
    onLine: () => undefined,
  });
  return exitCode === 0;
}
