import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { err, ok, type Result } from "../../base/result.ts";
import { MAX_SNAPSHOT_BYTES, Snapshot } from "../../contract/snapshot.ts";

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** What a packed snapshot may unfold to: text packs well, and nothing here is worth more memory. */
const MAX_UNPACKED_BYTES = 8 * MAX_SNAPSHOT_BYTES;

/** The snapshot as it travels; what is too large goes without its transcript, and null is what even then is. */
export async function packSnapshot(snapshot: Snapshot): Promise<Buffer | null> {
  const whole = await pack(JSON.stringify(snapshot));
  if (whole.length <= MAX_SNAPSHOT_BYTES) return whole;
  if (snapshot.session.transcript === null) return null;
  return packSnapshot({ ...snapshot, session: { ...snapshot.session, transcript: null } });
}

/** The problem is one sentence. */
export async function unpackSnapshot(bytes: Buffer): Promise<Result<Snapshot, string>> {
  try {
    const text = await unpack(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
    const parsed = Snapshot.safeParse(JSON.parse(text.toString("utf8")));
    if (parsed.success) return ok(parsed.data);
  } catch {
    // Said below, whatever was wrong with it.
  }
  return err("The snapshot cannot be read.");
}
