import { Client } from "pg";
import { startPostgres, type TestPostgres } from "../test/support/postgres/start-postgres.ts";
import type { Arm, Benchmark, Figures } from "./support/benchmark.ts";
import type { Load } from "./support/load/load.ts";
import { runLoad } from "./support/load/run-load.ts";
import { SECRET, WEBHOOK_PATH } from "./support/servers/contract.ts";
import { createPrivateKey } from "./support/servers/private-key.ts";
import { startServer } from "./support/servers/start-server.ts";

const SECONDS = 10;

type Flood = {
  readonly name: string;
  readonly load: Pick<Load, "bodyBytes" | "issues" | "pace">;
  /** Whether the store takes nothing while the flood lasts. */
  readonly isStalled: boolean;
};

const FLOODS: readonly Flood[] = [
  {
    name: "20,000 a second of 20 kB",
    load: { bodyBytes: 20_000, issues: 500, pace: { kind: "open", perSecond: 20_000 } },
    isStalled: false,
  },
  {
    name: "500 a second of 1 MB",
    load: { bodyBytes: 1_000_000, issues: 20, pace: { kind: "open", perSecond: 500 } },
    isStalled: false,
  },
  {
    name: "2,000 a second of 20 kB, and a store that takes nothing",
    load: { bodyBytes: 20_000, issues: 500, pace: { kind: "open", perSecond: 2_000 } },
    isStalled: true,
  },
];

export const flood: Benchmark = {
  name: "flood",
  about:
    "What ten seconds of webhooks far over what the machine can do take of the server's memory: each flood meets a server of its own, from the webhook to the committed transition. What is not stored is asked to come back, or was never sent because all of the sender's thousand connections waited.",
  rounds: 2,
  goals: [],
  open,
};

async function open() {
  const postgres = await startPostgres();
  const privateKey = createPrivateKey();
  const arms = FLOODS.map((each): Arm => ({
    name: each.name,
    measure: () => measure(each, postgres, privateKey),
  }));
  return { comparisons: [{ name: "flood", arms }], close: () => postgres.stop() };
}

async function measure(
  { load, isStalled }: Flood,
  postgres: TestPostgres,
  privateKey: string,
): Promise<Figures> {
  const databaseUrl = await postgres.createDatabase();
  const server = await startServer("baton", { databaseUrl, privateKey });
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    const repositoryId = 1;
    await server.prepare(repositoryId, load.issues);
    const idle = await server.usage();
    if (isStalled) await database.query("BEGIN; LOCK TABLE delivery IN ACCESS EXCLUSIVE MODE");
    const where = { port: server.port, path: WEBHOOK_PATH, secret: SECRET, repositoryId };
    const { statuses, elapsedMs } = await runLoad({ ...where, ...load, seconds: SECONDS });
    const after = await server.usage();
    return {
      "idle MB": idle.residentMb,
      "peak MB": after.peakResidentMb,
      "stored/s": ((statuses[202] ?? 0) * 1_000) / elapsedMs,
      "asked to come back/s": ((statuses[503] ?? 0) * 1_000) / elapsedMs,
    };
  } finally {
    await database.end();
    await server.stop();
  }
}
