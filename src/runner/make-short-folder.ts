import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Leaves room for the path of a socket a few folders below, which may have 107 bytes (unix(7)). */
const MAX_PLACE_BYTES = 44;

/**
 * A folder of its own in which sockets can be: in the first of these places whose path is short enough, else where the
 * system has temporary files. A job's own temporary directory may be as deep as any other.
 */
export async function makeShortFolder(prefix: string, places: readonly string[] = []): Promise<string> {
  const place = [...places, tmpdir()].find((each) => Buffer.byteLength(each) <= MAX_PLACE_BYTES) ?? "/tmp";
  return mkdtemp(join(place, prefix));
}
