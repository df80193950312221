import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestPostgres } from "../support/postgres/start-postgres.ts";
import { findPostgresPrograms, startPostgres } from "../support/postgres/start-postgres.ts";
import { surviveKills } from "../support/scenario/survive-kills.ts";

const installed = (await findPostgresPrograms()) !== null;

/** One step of each kind that matters to the store: taken in, handed out, told back, ended. */
const STEPS = [
  "inbound webhook issues.labeled",
  "outbound POST /repos/:repo/actions/workflows/baton.yml/dispatches",
  "inbound POST /api/v1/attempts/:attempt/report",
  "outbound PUT /repos/:repo/pulls/:id/merge",
];

describe.skipIf(!installed)("over PostgreSQL", () => {
  let server: TestPostgres;

  beforeAll(async () => {
    server = await startPostgres();
  });

  afterAll(() => server.stop());

  test("killed from the first webhook to the merge, the task ends as it would have", async () => {
    const { kills } = await surviveKills({
      killsAt: ({ kind, name }) => STEPS.includes(`${kind} ${name}`),
      databaseUrl: await server.createDatabase(),
    });
    expect(kills).toEqual(STEPS);
  }, 900_000);
});
