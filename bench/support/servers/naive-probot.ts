/** A Probot app that keeps its state as many do: in the handler, one transaction of seven statements for each event. */
import { Pool } from "pg";
import { serve } from "./serve.ts";
import { startProbot } from "./start-probot.ts";

const SCHEMA = `
CREATE TABLE naive_task (id text PRIMARY KEY, version integer NOT NULL, held boolean NOT NULL, state jsonb NOT NULL);
CREATE TABLE naive_event (task_id text, sequence integer, body jsonb NOT NULL, PRIMARY KEY (task_id, sequence));
CREATE TABLE naive_outbox (id bigserial PRIMARY KEY, task_id text NOT NULL, body jsonb NOT NULL)`;

serve(async (start) => {
  const pool = new Pool({ connectionString: start.databaseUrl ?? "" });
  await pool.query(SCHEMA);
  const port = await startProbot(start, (app) => {
    app.on("issue_comment.created", async ({ id, payload }) => {
      const task = `${payload.repository.id}-${payload.issue.number}`;
      await change(pool, { task, delivery: id, command: payload.comment.body, by: payload.sender.login });
    });
  });
  return {
    port,
    async prepare(repositoryId, issues) {
      await pool.query(
        `INSERT INTO naive_task
         SELECT $1 || '-' || issue, 1, false, jsonb_build_object('issue', issue, 'title', repeat('x', 1500))
         FROM generate_series(1, $2) AS issue`,
        [repositoryId, issues],
      );
    },
  };
});

type Asked = {
  readonly task: string;
  readonly delivery: string;
  readonly command: string;
  readonly by: string;
};

async function change(pool: Pool, { task, delivery, command, by }: Asked): Promise<void> {
  const connection = await pool.connect();
  try {
    await connection.query("BEGIN");
    const { rows } = await connection.query<{ version: number; state: object }>(
      "SELECT version, state FROM naive_task WHERE id = $1 FOR UPDATE",
      [task],
    );
    const version = rows[0]?.version ?? 0;
    await connection.query("SELECT body FROM naive_event WHERE task_id = $1 AND sequence = $2", [
      task,
      version,
    ]);
    const event = { type: command, by, cause: delivery, at: new Date().toISOString() };
    await connection.query("INSERT INTO naive_event VALUES ($1, $2, $3)", [task, version + 1, event]);
    await connection.query("UPDATE naive_task SET version = $2, held = $3, state = $4 WHERE id = $1", [
      task,
      version + 1,
      command === "/hold",
      rows[0]?.state,
    ]);
    await connection.query("INSERT INTO naive_outbox (task_id, body) VALUES ($1, $2)", [
      task,
      { kind: "answer" },
    ]);
    await connection.query("COMMIT");
  } catch (error) {
    await connection.query("ROLLBACK");
    throw error;
  } finally {
    connection.release();
  }
}
