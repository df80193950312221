import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "pg";

const STEP_MS = 5;

/** Waits until every stored delivery is settled. @returns when that was seen, as `Date.now()`. */
export async function waitForSettled(database: Client): Promise<number> {
  for (;;) {
    const { rows } = await database.query(
      "SELECT FROM delivery WHERE outcome IS NULL ORDER BY sequence LIMIT 1",
    );
    if (rows.length === 0) return Date.now();
    await pause(STEP_MS);
  }
}
