/**
 * The load generator, a program of its own: sends signed webhooks on plain sockets. Heads and bodies are made before the
 * clock starts, since what it costs to make them would be taken from the server on the same machine.
 */
import { createHmac } from "node:crypto";
import { quantile } from "../spread.ts";
import { Connection } from "./connection.ts";
import { createCommentBodies } from "./comment-body.ts";
import type { Load, LoadResult, Pace } from "./load.ts";

const TICK_MS = 1;
const MAX_CONNECTIONS = 1_000;

process.once("message", (load: Load) => {
  void run(load).then((result) => {
    process.send?.(result);
    process.disconnect();
  });
});

type Prepared = { readonly head: string; readonly body: Buffer };

async function run(load: Load): Promise<LoadResult> {
  const requests = prepare(load);
  const guidPrefix = load.repositoryId.toString(16).padStart(8, "0");
  const latencies: number[] = [];
  const statuses: Record<number, number> = {};
  let sent = 0;
  let lastAnswerAt = 0;

  function sendNext(connection: Connection, from: number, done: () => void): void {
    const { head, body } = requests[sent % requests.length] as Prepared;
    const guid = `${guidPrefix}-0000-4000-8000-${sent.toString(16).padStart(12, "0")}`;
    sent += 1;
    connection.send(`${head}x-github-delivery: ${guid}\r\n\r\n`, body, (status) => {
      lastAnswerAt = performance.now();
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status !== 0) latencies.push(lastAnswerAt - from);
      done();
    });
  }

  const before = process.cpuUsage();
  const startedAt = Date.now();
  const start = performance.now();
  await pace(load, { sendNext, skip: () => (statuses[0] = (statuses[0] ?? 0) + 1) });
  const elapsedMs = lastAnswerAt - start;
  const { user, system } = process.cpuUsage(before);
  const sorted = Float64Array.from(latencies).sort();
  return {
    statuses,
    startedAt,
    elapsedMs,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    processor: (user + system) / 1_000 / elapsedMs,
  };
}

type Sender = {
  readonly sendNext: (connection: Connection, from: number, done: () => void) => void;
  /** Counts one that could not be sent. */
  readonly skip: () => void;
};

function pace(load: Load, sender: Sender): Promise<void> {
  return load.pace.kind === "closed" ? keepBusy(load, load.pace, sender) : keepPace(load, load.pace, sender);
}

async function keepBusy(
  { port, seconds }: Load,
  { connections }: Extract<Pace, { kind: "closed" }>,
  { sendNext }: Sender,
): Promise<void> {
  const until = performance.now() + seconds * 1_000;
  await Promise.all(
    Array.from({ length: connections }, () => {
      const connection = new Connection(port);
      return new Promise<void>((resolve) => {
        function next(): void {
          const now = performance.now();
          if (now < until) return sendNext(connection, now, next);
          connection.close();
          resolve();
        }
        next();
      });
    }),
  );
}

/**
 * Latencies count from when a request was due, so that a server that keeps the generator waiting is charged for it. A
 * timer's step is the generator's own, and is not.
 */
function keepPace(
  { port, seconds }: Load,
  { perSecond }: Extract<Pace, { kind: "open" }>,
  { sendNext, skip }: Sender,
): Promise<void> {
  const total = Math.round(perSecond * seconds);
  const idle: Connection[] = [];
  const all: Connection[] = [];
  const start = performance.now();
  let due = 0;
  let answered = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const now = performance.now();
      for (; due < total && start + (due * 1_000) / perSecond <= now; due += 1) {
        const dueAt = start + (due * 1_000) / perSecond;
        const connection = idle.pop() ?? (all.length < MAX_CONNECTIONS ? open() : null);
        if (!connection) {
          skip();
          count();
          continue;
        }
        sendNext(connection, now - dueAt <= 2 * TICK_MS ? now : dueAt, () => {
          idle.push(connection);
          count();
        });
      }
    }, TICK_MS);

    function count(): void {
      answered += 1;
      if (answered < total) return;
      clearInterval(timer);
      for (const each of all) each.close();
      resolve();
    }

    function open(): Connection {
      const connection = new Connection(port);
      all.push(connection);
      return connection;
    }
  });
}

/** Every issue's `/hold`, then every issue's `/resume`: what is sent again and again changes a task each time. */
function prepare({ path, secret, repositoryId, issues, bodyBytes }: Load): readonly Prepared[] {
  const bodyOf = createCommentBodies(bodyBytes);
  return ["/hold", "/resume"].flatMap((text) =>
    Array.from({ length: issues }, (_, index) => {
      const body = bodyOf({ repositoryId, issueNumber: index + 1, text });
      const signature = createHmac("sha256", secret).update(body).digest("hex");
      const head = [
        `POST ${path} HTTP/1.1`,
        "host: 127.0.0.1",
        "user-agent: GitHub-Hookshot/044aadd",
        "accept: */*",
        "content-type: application/json",
        "x-github-event: issue_comment",
        "x-github-hook-id: 1",
        "x-github-hook-installation-target-id: 1",
        "x-github-hook-installation-target-type: integration",
        `x-hub-signature-256: sha256=${signature}`,
        `content-length: ${body.length}`,
        "",
      ].join("\r\n");
      return { head, body };
    }),
  );
}
