import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MAX_SNAPSHOT_BYTES, type Snapshot } from "../../contract/snapshot.ts";

type Files = NonNullable<Snapshot["session"]["transcript"]>;

/** A database and what lies beside it: of a directory, nothing else is a session's. */
const OF_DATABASE = /^[\w-]+\.db(?:-wal|-shm)?$/;

/**
 * A session's file, or the database of a directory, while its program goes on writing; null where that is too large, or
 * was written to just now, so that its parts might not fit together.
 */
export async function readTranscriptFiles(place: string): Promise<Files | null> {
  const names = (await stat(place)).isDirectory()
    ? (await readdir(place)).filter((name) => OF_DATABASE.test(name))
    : [""];
  const before = await likenessOf(place, names);
  if (before.bytes > MAX_SNAPSHOT_BYTES) return null;
  const files: Files = [];
  for (const name of names) {
    files.push({ name, content: (await readFile(join(place, name))).toString("base64") });
  }
  const after = await likenessOf(place, names);
  return names.length > 1 && after.times !== before.times ? null : files;
}

async function likenessOf(
  place: string,
  names: readonly string[],
): Promise<{ bytes: number; times: string }> {
  const stats = await Promise.all(names.map((name) => stat(join(place, name), { bigint: true })));
  return {
    bytes: stats.reduce((sum, { size }) => sum + Number(size), 0),
    times: stats.map(({ mtimeNs, size }) => `${mtimeNs}/${size}`).join(),
  };
}

export async function writeTranscriptFiles(place: string, files: Files): Promise<void> {
  for (const { name, content } of files) {
    const file = join(place, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, Buffer.from(content, "base64"), { mode: 0o600 });
  }
}
