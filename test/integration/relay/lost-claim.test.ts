import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createInProcessTransport } from "../../../src/adapters/in-process/in-process-transport.ts";
import {
  findPostgresPrograms,
  startPostgres,
  type TestPostgres,
} from "../../support/postgres/start-postgres.ts";
import { waitFor } from "../../support/wait-for.ts";
import { TurnsFixture } from "./turns-fixture.ts";

/** As `AdvisoryLocks` names a task in the database. */
const LOCK = `pg_advisory_lock(hashtextextended($1, ${0x42_54_4f_4e}))`;

/** A connection that holds locks asks for one as its first statement. */
const ASKED_ANEW = `
SELECT FROM pg_stat_activity
WHERE application_name = 'baton-locks' AND state = 'idle' AND query LIKE '%pg_try_advisory_lock%'`;

describe.skipIf((await findPostgresPrograms()) === null)("a process that loses its locks", () => {
  const fixture = new TurnsFixture({
    start(take) {
      const transport = createInProcessTransport(take);
      return { transport, stop: () => transport.stop() };
    },
  });
  const gates: PromiseWithResolvers<void>[] = [];
  let postgres: TestPostgres;

  // The fixture waits for what runs still, also where the test has failed.
  afterEach(() => {
    for (const gate of gates.splice(0)) gate.resolve();
  });

  beforeAll(async () => {
    postgres = await startPostgres();
  });

  afterAll(async () => {
    await postgres.stop();
  });

  async function connect(url: string): Promise<Client> {
    const client = new Client({ connectionString: url });
    await client.connect();
    onTestFinished(() => client.end());
    return client;
  }

  test("begins nothing more of the task, and the first result of what both have run stands", async () => {
    const url = await postgres.createDatabase();
    const [database, usurper] = [await connect(url), await connect(url)];
    const loser = await fixture.openStore({ url });
    const winner = await fixture.openStore({ url });
    const task = await fixture.addTask(loser, [
      { kind: "remove-trigger-label" },
      { kind: "cancel-run", runId: 1 },
    ]);
    const begun: string[] = [];
    const play = (name: string) => {
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      const run = async ({ effect }: { readonly effect: { readonly kind: string } }) => {
        begun.push(`${name}: ${effect.kind}`);
        await gate.promise;
        return { kind: "done", outcome: name } as const;
      };
      return { run, letGo: () => gate.resolve() };
    };
    const outcomes = async () => {
      const { rows } = await database.query<{ outcome: string | null }>(
        "SELECT outcome FROM effect ORDER BY version, ordinal",
      );
      return rows.map(({ outcome }) => outcome);
    };

    const first = play("loser");
    fixture.play(loser, first);
    await waitFor(() => expect(begun).toEqual(["loser: remove-trigger-label"]));
    expect(loser.outbox.holds(task.id)).toBe(true);
    // Whoever waits for the lock has it before the loser can take it again.
    const usurped = usurper.query(`SELECT ${LOCK}`, [task.id]);
    await waitFor(async () =>
      expect((await database.query("SELECT FROM pg_locks WHERE NOT granted")).rowCount).toBe(1),
    );
    await database.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'baton-locks'",
    );
    await usurped;
    await waitFor(() => expect(loser.outbox.holds(task.id)).toBe(false));
    // Freed before the loser has asked for it anew, the lock would be the loser's again.
    await waitFor(async () => expect((await database.query(ASKED_ANEW)).rowCount).toBe(1));

    const second = play("winner");
    fixture.play(winner, second);
    await usurper.query("SELECT pg_advisory_unlock_all()");
    await waitFor(() => expect(begun.slice(1)).toEqual(["winner: remove-trigger-label"]));
    first.letGo();
    await waitFor(async () => expect(await outcomes()).toEqual(["loser", null]));
    second.letGo();
    await waitFor(async () => expect(await outcomes()).toEqual(["loser", "winner"]));
    expect(begun.slice(1)).toEqual(["winner: remove-trigger-label", "winner: cancel-run"]);
  });
});
