import { hash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export type Migration = {
  /** From 1, without gaps. */
  readonly version: number;
  readonly name: string;
  readonly script: string;
  /** SHA-256 (hex) of the script: a migration that was applied somewhere must never change. */
  readonly checksum: string;
};

const FILE_NAME = /^(\d{3})_([a-z0-9_]+)\.sql$/;

/** All `NNN_name.sql` of a folder in their order. Throws when a number is missing, doubled or not a migration's. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  const migrations = await Promise.all(files.map((file) => readMigration(folder, file)));
  for (const [index, migration] of migrations.entries()) {
    if (migration.version !== index + 1) {
      throw new Error(
        `Migrations must be numbered from 001 without gaps, but ${files[index]} stands where ${index + 1} belongs.`,
      );
    }
  }
  return migrations;
}

async function readMigration(folder: string, file: string): Promise<Migration> {
  const match = FILE_NAME.exec(file);
  if (!match) throw new Error(`${file} is no migration: the name must be like 001_what_it_does.sql.`);
  // Git may check files out with CRLF, which changes nothing in the database and must not change the checksum.
  const script = (await readFile(join(folder, file), "utf8")).replaceAll("\r\n", "\n");
  return {
    version: Number(match[1]),
    name: match[2] ?? "",
    script,
    checksum: hash("sha256", script),
  };
}
