import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Whom PostgreSQL runs as, where that is not this process' own account. */
export type Account = { readonly uid: number; readonly gid: number };

const NAME = "postgres";

/**
 * PostgreSQL refuses to run as root, as containers often do. Then it runs as whoever has its files, in a new directory
 * as `postgres`; that account is made where it is missing, for `initdb` insists on one with a name. Null: as this
 * process does.
 */
export async function chooseAccount(database: string): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const owner = statSync(database, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (await findAccount()) ?? (await makeAccount());
}

async function findAccount(): Promise<Account | null> {
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", NAME]), run("id", ["-g", NAME])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

async function makeAccount(): Promise<Account> {
  try {
    await run("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/bin/false", NAME]);
  } catch (cause) {
    throw new Error(
      `PostgreSQL does not run as root, and an account \`${NAME}\` for it could not be made: ` +
        "make one, or start Baton as another user.",
      { cause },
    );
  }
  const made = await findAccount();
  if (made === null) throw new Error(`The account \`${NAME}\` was made, and is not there.`);
  return made;
}
