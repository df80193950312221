import { Client } from "pg";
import { startSeasonedPostgres } from "./support/start-seasoned-postgres.ts";
import type { Arm, Benchmark, Comparison, Figures, Goal } from "./support/benchmark.ts";
import type { LoadResult, Pace } from "./support/load/load.ts";
import { runLoad } from "./support/load/run-load.ts";
import { SECRET, WEBHOOK_PATH } from "./support/servers/contract.ts";
import { createPrivateKey } from "./support/servers/private-key.ts";
import { type RunningServer, type ServerProgram, startServer } from "./support/servers/start-server.ts";
import { waitForSettled } from "./support/wait-for-settled.ts";

/**
 * Enough that two commands for one task are never on their way at once, and that an open loop needs no second one: the
 * first may have been asked to come back.
 */
const ISSUES = 2_000;

/**
 * What V8 compiles while a server is new takes a tenth of the processor, and more the more code there is; a server runs for
 * weeks.
 */
const WARM_UP_SECONDS = 8;

const NAMES = {
  baton: "Baton, committed transition",
  "baton-inbox": "Baton, stored delivery",
  "no-op-probot": "no-op Probot",
  "naive-probot": "naive Probot, transaction in the handler",
  bare: "node:http, verify and parse",
} as const satisfies Record<ServerProgram, string>;

export const ingress: Benchmark = {
  name: "ingress",
  about:
    "Signed webhooks of 20 kB, comments that hold and resume 2,000 open tasks in turn, sent to servers in processes of their own on one PostgreSQL. A committed transition counts when its delivery is settled with its events and effects, and its time runs until the last one is; the relay is off, and GitHub answers at once. Each server has taken webhooks for 8 seconds before it is measured, and PostgreSQL writes over files of its log, as after its first hour. Percentiles are of the answer to the webhook, at an open loop counted from when it was due.",
  rounds: 3,
  goals: [
    transitionGoal(
      "full durable transition ÷ no-op Probot, requests/s at 64 connections",
      "no-op-probot",
      0.9,
      1.2,
    ),
    transitionGoal("full durable transition ÷ naive Probot with a transaction", "naive-probot", 3.5, 5),
    transitionGoal("full durable transition ÷ bare verify and parse", "bare", 0.5, 0.65),
    answerGoal("acknowledgement at 1,000/s open loop ÷ no-op Probot, p50", "p50 ms", 2, 1.5),
    answerGoal("acknowledgement at 1,000/s open loop ÷ no-op Probot, p99", "p99 ms", 6, 3),
  ],
  open,
};

function transitionGoal(name: string, over: ServerProgram, required: number, aim: number): Goal {
  const common = { comparison: "64 connections", figure: "requests/s", better: "higher" } as const;
  return { name, ...common, of: NAMES.baton, over: NAMES[over], required, aim };
}

function answerGoal(name: string, figure: string, required: number, aim: number): Goal {
  const common = { comparison: "open loop, 1,000/s", figure, better: "lower" } as const;
  return { name, ...common, of: NAMES.baton, over: NAMES["no-op-probot"], required, aim };
}

async function open() {
  const postgres = await startSeasonedPostgres();
  const programs = Object.keys(NAMES) as ServerProgram[];
  const privateKey = createPrivateKey();
  const measured: Measured[] = [];

  async function close(): Promise<void> {
    await Promise.all(measured.map(({ server }) => server.stop()));
    await Promise.all(measured.map(({ database }) => database.end()));
    await postgres.stop();
  }

  try {
    for (const program of programs) {
      // Each has its own, for Baton's worker takes up whatever its database holds.
      const databaseUrl = await postgres.createDatabase();
      const server = await startServer(program, { databaseUrl, privateKey });
      const database = new Client({ connectionString: databaseUrl });
      measured.push({ program, server, database });
      await database.connect();
    }
    for (const each of measured) await measure(each, { kind: "closed", connections: 64 }, WARM_UP_SECONDS);
  } catch (error) {
    await close();
    throw error;
  }

  function armsOf(among: readonly ServerProgram[], pace: Pace, seconds: number): readonly Arm[] {
    return measured
      .filter(({ program }) => among.includes(program))
      .map((each) => ({ name: NAMES[each.program], measure: () => measure(each, pace, seconds) }));
  }
  const answering: readonly ServerProgram[] = ["baton", "baton-inbox", "no-op-probot"];
  const comparisons: readonly Comparison[] = [
    { name: "64 connections", arms: armsOf(programs, { kind: "closed", connections: 64 }, 2) },
    { name: "16 connections", arms: armsOf(programs, { kind: "closed", connections: 16 }, 1) },
    { name: "1 connection", arms: armsOf(programs, { kind: "closed", connections: 1 }, 1) },
    { name: "open loop, 200/s", arms: armsOf(answering, { kind: "open", perSecond: 200 }, 2) },
    { name: "open loop, 1,000/s", arms: armsOf(answering, { kind: "open", perSecond: 1_000 }, 2) },
  ];
  return { comparisons, close };
}

type Measured = {
  readonly program: ServerProgram;
  readonly server: RunningServer;
  readonly database: Client;
};

/** Repositories that no measurement has used, so that each begins with tasks that nobody holds. */
let repositories = 1_000;

async function measure(
  { program, server, database }: Measured,
  pace: Pace,
  seconds: number,
): Promise<Figures> {
  const repositoryId = ++repositories;
  await server.prepare(repositoryId, ISSUES);
  const load = await runLoad({
    port: server.port,
    path: WEBHOOK_PATH,
    secret: SECRET,
    repositoryId,
    issues: ISSUES,
    bodyBytes: 20_000,
    seconds,
    pace,
  });
  const sent = countAccepted(program, load);
  let { elapsedMs } = load;
  if (program === "baton") {
    elapsedMs = (await waitForSettled(database)) - load.startedAt;
    await checkTransitions(database, repositoryId, sent);
  }
  if (program === "baton" || program === "baton-inbox") await database.query("TRUNCATE delivery, effect");
  return {
    "requests/s": (sent * 1_000) / elapsedMs,
    "p50 ms": load.p50,
    "p99 ms": load.p99,
    "not taken/s": (countLeft(load) * 1_000) / load.elapsedMs,
    "generator's processor": load.processor,
  };
}

function countAccepted(program: ServerProgram, { statuses }: LoadResult): number {
  const { 200: ok = 0, 202: accepted = 0, 503: _busy, 0: _unsent, ...others } = statuses;
  if (Object.keys(others).length > 0) throw new Error(`${program} answered ${JSON.stringify(statuses)}.`);
  return ok + accepted;
}

/** Of an open loop that the machine cannot keep up with: asked to come back, or never sent. */
function countLeft({ statuses }: LoadResult): number {
  return (statuses[503] ?? 0) + (statuses[0] ?? 0);
}

/** Every delivery has changed its task: a refused command would be cheaper than what is measured. */
async function checkTransitions(database: Client, repositoryId: number, sent: number): Promise<void> {
  const { rows } = await database.query<{ count: string }>(
    `SELECT count(*) FROM entry WHERE task_id LIKE $1 AND canonical ~ '"type":"Task(Held|Resumed)"'`,
    [`${repositoryId}-%`],
  );
  const changed = Number(rows[0]?.count);
  if (changed !== sent) throw new Error(`${sent} deliveries were sent, ${changed} have changed their task.`);
}
