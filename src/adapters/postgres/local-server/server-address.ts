import { join } from "node:path";

/** The one role of a server of our own. */
export const DATABASE_USER = "baton";

/** PostgreSQL names its socket by a port, though none is opened. */
const PORT = 5432;

/** A socket's path has at most 107 bytes on Linux and 103 on macOS. */
const MAX_PATH_BYTES = 103;

/** The connection URI of the server whose socket lies in a folder. Throws where the path is too long for a socket. */
export function serverUrl(folder: string, password: string): string {
  const bytes = Buffer.byteLength(join(folder, `.s.PGSQL.${PORT}`));
  if (bytes > MAX_PATH_BYTES) {
    throw new Error(
      `The path of the data directory ${folder} is ${bytes - MAX_PATH_BYTES} bytes too long for PostgreSQL's socket: ` +
        "choose a shorter one.",
    );
  }
  return `postgres://${DATABASE_USER}:${password}@/postgres?host=${encodeURIComponent(folder)}&port=${PORT}`;
}

/** Command-line options of a server that is reached through a socket in the folder, and not from outside. */
export function listenOptions(folder: string): readonly string[] {
  return options({
    listen_addresses: "",
    port: String(PORT),
    // A comma in the path would begin another one.
    unix_socket_directories: `"${folder.replaceAll('"', '""')}"`,
    unix_socket_permissions: "0700",
  });
}

/** Settings without which a power cut loses what was acknowledged. On the command line no later file overrules them. */
export const DURABLE_OPTIONS = options({ fsync: "on", full_page_writes: "on", synchronous_commit: "on" });

function options(settings: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
