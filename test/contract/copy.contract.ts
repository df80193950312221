import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CopiedRow } from "../../src/adapters/postgres/copied-row.ts";
import type { SqlClient } from "../../src/adapters/postgres/sql-client.ts";
import type { StoreUnderTest } from "./store-fixture.ts";

/** Reading rows as bytes, which the record's verification is built on. */
export function describeCopies(under: StoreUnderTest): void {
  describe("a copy", () => {
    let database: SqlClient;

    beforeAll(async () => {
      database = await under.openDatabase(await under.scratchLocation());
    });

    afterAll(async () => {
      await database.close();
    });

    test("hands over each row's columns in their order", async () => {
      const rows: unknown[] = [];
      const count = await database.copy(
        `SELECT 'naïve ' || n, n * 5000000000, CASE WHEN n > -1 THEN '\\xff00'::bytea END, CASE n WHEN 2 THEN NULL ELSE 'last' || n END
           FROM generate_series(-1, 2) AS n`,
        (row) => {
          rows.push([row.text(), row.bigint(), row.hex(), lastText(row)]);
        },
      );
      expect(count).toBe(4);
      expect(rows).toEqual([
        ["naïve -1", -5_000_000_000, "", "last-1"],
        ["naïve 0", 0, "ff00", "last0"],
        ["naïve 1", 5_000_000_000, "ff00", "last1"],
        ["naïve 2", 10_000_000_000, "ff00", null],
      ]);
    });

    test("of no rows hands over none", async () => {
      expect(await database.copy("SELECT 1 WHERE false", unexpected)).toBe(0);
    });

    test("hands over rows of a megabyte, and many", async () => {
      const lengths = new Set<number>();
      const count = await database.copy(
        "SELECT repeat('x', CASE WHEN n % 1000 = 0 THEN 1000000 ELSE 10 END) FROM generate_series(1, 3000) AS n",
        (row) => lengths.add(lastText(row)?.length ?? 0),
      );
      expect(count).toBe(3_000);
      expect([...lengths]).toEqual([10, 1_000_000]);
    });

    test("tells texts apart that are nearly the one before", async () => {
      const ids = ["1-2-1", "1-2-1", "1-2-11", "1-2-12", "1-2-1", "", "", "é", "é", "e", "\ufffd"];
      const read: string[] = [];
      await database.copy(`SELECT * FROM unnest(ARRAY['${ids.join("','")}'])`, (row) => {
        read.push(row.text());
      });
      expect(read).toEqual(ids);
    });

    test.for<[string, string, (row: CopiedRow) => void, string]>([
      ["the database refuses the query", "SELECT 1 FROM nowhere", unexpected, "nowhere"],
      ["the query fails after rows", "SELECT 1 / (3 - n) FROM generate_series(1, 9) AS n", ignored, "zero"],
      ["what takes its rows fails", "SELECT generate_series(1, 9)", failing, "I take nothing"],
      ["a number is too large", "SELECT 9007199254740993", (row) => void row.bigint(), "too large"],
    ])("rejects when %s, and the connection goes on", async ([, query, take, why]) => {
      await database.transaction(async (session) => {
        await session.run("SAVEPOINT before");
        await expect(session.copy(query, take)).rejects.toThrow(why);
        await session.run("ROLLBACK TO before");
        expect(await session.copy("SELECT 7::bigint", (row) => expect(row.bigint()).toBe(7))).toBe(1);
      });
    });

    test("gives up bytes that are no UTF-8 as what they are", async () => {
      await withCast(database, async () => {
        // The byte that is no UTF-8 is the number of the character before it.
        const read = database.copy(
          String.raw`SELECT * FROM (VALUES ('1ÿ'), ('\x31ff'::bytea::text)) AS texts`,
          (row) => void row.text(),
        );
        await expect(read).rejects.toThrow(String.raw`the text \x31ff, which is no UTF-8`);
      });
    });
  });
}

/** With a cast by which a text can have any bytes, as files that were damaged or written on would. */
async function withCast(database: SqlClient, work: () => Promise<void>): Promise<void> {
  await database.run("CREATE CAST (bytea AS text) WITHOUT FUNCTION");
  await work();
  await database.run("DROP CAST (bytea AS text)");
}

function lastText(row: CopiedRow): string | null {
  const last = row.last();
  return last && last.bytes.toString("utf8", last.start);
}

function ignored(): void {
  // The rows before the failure.
}

function unexpected(): void {
  throw new Error("There is no row.");
}

function failing(): void {
  throw new Error("I take nothing.");
}
