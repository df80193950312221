import { expect, test } from "vitest";
import { err, ok } from "../../../base/result.ts";
import type { TaskId } from "../../../base/ids.ts";
import type { DatabaseInspection, StoreInspection } from "../../../ports/store-inspection.ts";
import type { Examination } from "./run-doctor.ts";
import { runDoctor } from "./run-doctor.ts";

const GIB = 1024 ** 3;

const OPEN = {
  kind: "open",
  settings: {
    serverVersion: "18.6",
    fsync: "on",
    synchronousCommit: "on",
    fullPageWrites: "on",
    walSyncMethod: "fsync",
    dataChecksums: "on",
  },
  commit: { durationMs: 0.4, syncs: 1 },
  schema: { applied: 3, known: 3, refusal: null },
  content: {
    record: { tasks: 2, entries: 17, faults: [] },
    deliveries: { count: 0, oldestSeconds: null },
    effects: { count: 1, oldestSeconds: 3 },
  },
} as const satisfies DatabaseInspection;

type Changes = {
  readonly store?: Partial<StoreInspection>;
  readonly database?: Partial<typeof OPEN> | object;
  readonly around?: Partial<Examination>;
};

async function doctor({ store, database, around }: Changes, json = false) {
  const printed: string[] = [];
  const examination: Examination = {
    store: {
      kind: "embedded",
      place: "/srv/baton/data",
      holder: null,
      freeBytes: 20 * GIB,
      database: { ...OPEN, ...database },
      ...store,
    },
    redis: null,
    publicUrl: "https://baton.example",
    ...around,
  };
  const code = await runDoctor(
    {
      cwd: "/",
      env: {},
      batonRoot: "/",
      version: "1",
      examine: async () => ok(examination),
      print: (text) => printed.push(text),
      complain: (text) => printed.push(text),
    },
    { json },
  );
  return { code, text: printed.join("\n") };
}

test("a store in order is told in a table", async () => {
  const { code, text } = await doctor({});
  expect(code).toBe(0);
  expect(text).toMatchInlineSnapshot(`
    "✔ store      the embedded database on a data directory: /srv/baton/data.
    ✔ holder     Nobody has the directory open.
    ✔ disk       20.0 GiB free.
    ✔ commits    Wait for the disk (fsync, synchronous_commit, full_page_writes on; wal_sync_method fsync). One took 0.40 ms, with 1 sync of its log. PostgreSQL 18.6.
    ✔ checksums  Every page of the database has one.
    ✔ schema     All 3 migrations are applied.
    ✔ record     2 tasks with 17 entries: every hash chain is whole.
    ✔ inbox      Nothing waits.
    ✔ outbox     1 effect waits, the oldest for 3 s.
    ✔ redis      Not used: effects run in the server's process.
    ✔ address    Runners reach the server at https://baton.example.

    Nothing endangers the data."
  `);
});

test.each<[string, Changes, RegExp]>([
  [
    "fsync is off",
    { database: { settings: { ...OPEN.settings, fsync: "off" } } },
    /✘ commits .*A power cut can lose everything: fsync is off/,
  ],
  [
    "commits do not wait",
    { database: { settings: { ...OPEN.settings, synchronousCommit: "off" } } },
    /✘ commits .*synchronous_commit is off/,
  ],
  [
    "the file system has no fsync, whatever the settings say",
    { database: { commit: { durationMs: 0.1, syncs: 0 } } },
    /✘ commits .*without asking the disk/,
  ],
  [
    "a chain is broken",
    {
      database: {
        content: {
          ...OPEN.content,
          record: {
            tasks: 2,
            entries: 17,
            faults: [{ task: "7-1-1" as TaskId, fault: { sequence: 4, kind: "hash-differs" } }],
          },
        },
      },
    },
    /✘ record .*1 broken chain: 7-1-1 at entry 4, the text is not the one that was hashed/,
  ],
  [
    "the database is a newer version's",
    { database: { schema: { applied: 4, known: 3, refusal: "The database has migration 004_x." } } },
    /✘ schema .*004_x/,
  ],
  ["the disk is nearly full", { store: { freeBytes: 1_000_000 } }, /✘ disk .*no webhook is stored/],
  [
    "the store cannot be opened",
    { store: { database: { kind: "unreachable", why: "connect ECONNREFUSED" } } },
    /✘ store .*connect ECONNREFUSED/,
  ],
])("data is in danger when %s", async (_name, changes, line) => {
  const { code, text } = await doctor(changes);
  expect(text).toMatch(line);
  expect(text).toContain("One finding endangers the data.");
  expect(code).toBe(1);
});

test.each<[string, Changes, RegExp]>([
  [
    "another process has the directory",
    {
      store: {
        holder: { pid: 12, host: "vm", startedAt: "2026-03-01T12:00:00.000Z" },
        database: { kind: "closed" },
      },
    },
    /• store .*stop that one[^]*✔ holder .*process 12 on vm/,
  ],
  [
    "migrations are to come",
    { database: { schema: { applied: 2, known: 3, refusal: null }, content: null } },
    /• schema .*2 of 3/,
  ],
  [
    "a webhook waits for hours",
    { database: { content: { ...OPEN.content, deliveries: { count: 2, oldestSeconds: 9_000 } } } },
    /• inbox .*2 webhooks wait, the oldest for 3 h\. Nothing of it is lost/,
  ],
  [
    "pages have no checksums",
    { database: { settings: { ...OPEN.settings, dataChecksums: "off" } } },
    /• checksums .*pg_checksums --enable/,
  ],
  [
    "Redis throws away what waits",
    {
      around: {
        redis: { kind: "reached", version: "7.0", appendOnly: false, evictionPolicy: "allkeys-lru" },
      },
    },
    /• redis .*handed over again from the database.*set noeviction/,
  ],
  ["runners do not know the server", { around: { publicUrl: null } }, /• address .*BATON_URL is not set/],
])("it is worth a note, and no danger, when %s", async (_name, changes, line) => {
  const { code, text } = await doctor(changes);
  expect(text).toMatch(line);
  expect(code).toBe(0);
});

test("as data it has the findings and all that they come from", async () => {
  const { code, text } = await doctor({ store: { freeBytes: 1 } }, true);
  expect(code).toBe(1);
  const told = JSON.parse(text) as { readonly findings: readonly { readonly topic: string }[] };
  expect(told).toMatchObject({ endangered: true, examined: { store: { freeBytes: 1 } } });
  expect(told.findings.map(({ topic }) => topic)).toContain("disk");
});

test("an environment that says nothing sensible is wrong use", async () => {
  const said: string[] = [];
  const context = {
    cwd: "/",
    env: {},
    batonRoot: "/",
    version: "1",
    examine: async () => err("Unset one of them."),
    print: () => undefined,
    complain: (text: string) => said.push(text),
  };
  expect(await runDoctor(context, {})).toBe(2);
  expect(said).toEqual(["Unset one of them."]);
});
