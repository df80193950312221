import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { StoreLocation } from "../../src/adapters/postgres/open-store.ts";
import { openStore } from "../../src/adapters/postgres/open-store.ts";
import type { Acknowledged } from "../../test/contract/promised.ts";
import { findLosses, promisedBy } from "../../test/contract/promised.ts";

/** Something that writes until the power fails, and what to look for afterwards. */
export type Subject = {
  readonly name: string;
  /** Program and arguments that write to a folder, and print a line for each thing that was acknowledged. */
  readonly writer: (folder: string) => readonly string[];
  /** What is missing of the acknowledged, in sentences; it may throw when nothing can be opened. */
  readonly findLosses: (folder: string, lines: readonly string[]) => Promise<readonly string[]>;
};

const COMMIT_UNTIL_KILLED = fileURLToPath(
  new URL("../../test/contract/commit-until-killed.ts", import.meta.url),
);
const WRITE_WITHOUT_SYNC = fileURLToPath(new URL("./write-without-sync.ts", import.meta.url));

const COUNT_ENTRIES = fileURLToPath(new URL("./count-entries.ts", import.meta.url));

const run = promisify(execFile);

export const SUBJECTS: readonly Subject[] = [
  storeSubject("the embedded database", (folder) => ({ dataDir: join(folder, "data") })),
  storeSubject("PostgreSQL", (folder) => ({ serverDir: join(folder, "data") })),
];

function storeSubject(name: string, locate: (folder: string) => StoreLocation): Subject {
  return {
    name,
    writer: (folder) => [COMMIT_UNTIL_KILLED, JSON.stringify(locate(folder)), "1"],
    async findLosses(folder, lines) {
      const store = await openStore(locate(folder));
      try {
        const losses = await findLosses(
          store,
          promisedBy(lines.map((line) => JSON.parse(line) as Acknowledged)),
        );
        const { faults } = await store.tasks.verifyRecord();
        return [...losses, ...faults.map(({ task, fault }) => `${task} has the fault ${fault.kind}.`)];
      } finally {
        await store.close();
      }
    },
  };
}

/** What has to lose, so that keeping means something. */
export const CONTROL: Subject = {
  name: "the embedded database without fsync",
  writer: (folder) => [WRITE_WITHOUT_SYNC, join(folder, "data")],
  async findLosses(folder, lines) {
    const data = join(folder, "data");
    if (!existsSync(join(data, "PG_VERSION"))) return ["The whole database is gone."];
    const { stdout } = await run(process.execPath, [COUNT_ENTRIES, data]);
    const lost = lines.length - Number(stdout);
    return lost > 0 ? [`${lost} of ${lines.length} rows are gone.`] : [];
  },
};
