import { hash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs, styleText } from "node:util";
import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";
import { verifyChain } from "../../core/audit/verify-chain.ts";
import { isOver } from "../../core/task/derive-status.ts";
import { eventsOf } from "../../core/task/events.ts";
import type { Task } from "../../core/task/state.ts";
import { auditLine } from "../../core/view/audit-line.ts";
import { standingOf } from "../../core/view/standing.ts";
import { claimFolder } from "./claim-folder.ts";
import { complaintOf } from "./complaint-of.ts";
import { explainFailure } from "./explain-failure.ts";
import { followTask } from "./follow-task.ts";
import { quoted, shown } from "./introduce-local.ts";
import { actAs } from "./people.ts";
import { Progress } from "./progress.ts";
import type { ForgeObservers, Local } from "./start-local.ts";
import { stopSignal } from "./stop-signal.ts";
import { DEMO } from "./target.ts";

const USAGE =
  "Usage: npm run demo [-- --dir <folder> (default: .baton/demo)] [--seconds <limit> (default: 300)]";
const DEFAULT_SECONDS = 300;
const MAX_SECONDS = 86_400;

/** What a shell expects of a program that Ctrl+C ended. */
const INTERRUPTED = 130;

const ISSUE = {
  title: "Slugs lose accented letters",
  body: 'slugify("Crème brûlée") gives "cr-me-br-l-e". It should give "creme-brulee".',
};

/** The whole loop on the local forge, from a labelled issue to a merged pull request. Resolves to the exit code. */
export async function runDemo(args: readonly string[], observers: ForgeObservers = {}): Promise<number> {
  const options = readOptions(args);
  if (!options.ok) {
    console.error(`${options.error}\n${USAGE}`);
    return 2;
  }
  const { dir } = options.value;
  const claimed = await claimFolder(dir, "demo");
  if (!claimed.ok) return refuse(claimed.error);
  const stop = stopSignal();
  const progress = new Progress();
  progress.say(styleText("bold", "\nBaton, from a label to a merged pull request, on this machine alone\n"));
  progress.waitFor("starting a forge with real git, and Baton beside it");
  // Loaded only now, since that takes a while and somebody is watching.
  const { startLocal } = await import("./start-local.ts");
  const started = await startLocal({ dir, port: 0, target: DEMO }, observers).catch((error: unknown) =>
    err(`It could not be started: ${explainFailure(error)}`),
  );
  progress.waitFor("");
  if (!started.ok) return refuse(started.error);
  const local = started.value;
  try {
    const limit = AbortSignal.timeout(options.value.seconds * 1_000);
    const task = await playThrough(local, progress, AbortSignal.any([limit, stop]));
    progress.end();
    if (stop.aborted) return INTERRUPTED;
    if (task?.phase.kind !== "completed") return complain(task, options.value);
    await conclude(local, task, dir);
    return 0;
  } finally {
    progress.end();
    await local.close();
  }
}

type DemoOptions = { readonly dir: string; readonly seconds: number };

function readOptions(args: readonly string[]): Result<DemoOptions, string> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { dir: { type: "string" }, seconds: { type: "string" } },
    });
    const seconds = Number(values.seconds ?? DEFAULT_SECONDS);
    if (!(seconds > 0 && seconds <= MAX_SECONDS)) {
      return err(`--seconds takes a number from 1 to ${MAX_SECONDS}, not "${values.seconds ?? ""}".`);
    }
    if (values.dir === "") return err("--dir takes the name of a folder.");
    return ok({ dir: resolve(values.dir ?? ".baton/demo"), seconds });
  } catch (error) {
    return err(complaintOf(error));
  }
}

async function playThrough(local: Local, progress: Progress, limit: AbortSignal): Promise<Task | null> {
  const { owner, repo } = placeOf(local);
  progress.step(`${styleText("dim", "ready     ")}${local.forge.url}/${owner}/${repo} while this runs`);
  const { data: issue } = await actAs(local, "maya").rest.issues.create({ owner, repo, ...ISSUE });
  progress.person(
    "maya",
    `files issue #${issue.number}, "${ISSUE.title}", and labels it ${styleText("bold", "baton")}`,
  );
  await actAs(local, "maya").rest.issues.addLabels({
    owner,
    repo,
    issue_number: issue.number,
    labels: ["baton"],
  });
  progress.waitFor("waiting for Baton to pick it up");
  return followToTheEnd(local, { issue: issue.number, limit }, progress);
}

async function followToTheEnd(
  local: Local,
  watched: { readonly issue: number; readonly limit: AbortSignal },
  progress: Progress,
): Promise<Task | null> {
  let last: Task | null = null;
  const { store } = local.baton;
  const find = async () =>
    (await store.tasks.findByIssue(local.world.repositoryId, watched.issue))?.task.id ?? null;
  for await (const { task, news } of followTask(store, find, watched.limit)) {
    last = task;
    for (const recorded of news) progress.event(recorded);
    progress.wait(task);
    if (isOver(task) || task.phase.kind === "stuck") break;
    const reached = news.some(({ event }) => event.type === "GateReached");
    if (reached) await passGate(local, task, { issue: watched.issue, progress });
  }
  return last;
}

/** Robin looks at what waits and says yes: to the plan with a comment, to the merge with a review. */
async function passGate(
  local: Local,
  task: Task,
  { issue, progress }: { readonly issue: number; readonly progress: Progress },
): Promise<void> {
  const robin = actAs(local, "robin");
  const place = placeOf(local);
  if (task.phase.kind === "gated") {
    const body = `/approve ${task.phase.digest.slice(0, 7)}`;
    progress.person("robin", `reads the plan and comments ${styleText("bold", body)}`);
    await robin.rest.issues.createComment({ ...place, issue_number: issue, body });
  }
  if (task.phase.kind === "reviewable" && task.pull) {
    progress.person("robin", `looks at the changed files of #${task.pull.number} and approves them`);
    await robin.rest.pulls.createReview({
      ...place,
      pull_number: task.pull.number,
      event: "APPROVE",
      commit_id: task.phase.sha,
      body: "Reads well.",
    });
  }
}

async function conclude(local: Local, task: Task, dir: string): Promise<void> {
  const { owner, repo } = placeOf(local);
  const history = await local.baton.store.tasks.history(task.id);
  const events = eventsOf(history);
  const chain = verifyChain(history, (text) => hash("sha256", text, "hex"));
  const timeline = join(dir, "timeline.txt");
  const record = join(dir, "record.jsonl");
  await writeFile(timeline, events.map((each) => `${each.meta.at}  ${auditLine(each)}\n`).join(""));
  await writeFile(
    record,
    history.map(({ canonical, hash }) => `${JSON.stringify({ hash, canonical })}\n`).join(""),
  );
  const sha = task.phase.kind === "completed" ? task.phase.mergeSha : "";
  const requests = [...(await local.baton.requests()).values()].reduce((sum, count) => sum + count, 0);
  const gitDir = shown(local.forge.hub.gitDirectory(local.world.repositoryId));
  const again = `npm run local -- --dir ${quoted(shown(dir))}`;
  const lines = [
    ["Merged", `git --git-dir ${quoted(gitDir)} show ${sha.slice(0, 12)}`],
    ["Timeline", `${shown(timeline)}   or, with the mouse: ${again}`],
    [
      "",
      `then ${styleText("bold", `/${owner}/${repo}/pull/${task.pull?.number ?? ""}`)} at the address it prints`,
    ],
    ["Record", `${shown(record)}   ${events.length} events, hash chain ${chain.ok ? "intact" : "BROKEN"}`],
    ["Requests", `${requests} to the forge's API for this task`],
  ];
  console.log();
  for (const [name = "", value = ""] of lines) {
    console.log(
      `  ${styleText("green", name === "" ? " " : "✔")} ${styleText("bold", name.padEnd(9))} ${value}`,
    );
  }
  console.log();
}

function complain(task: Task | null, { dir, seconds }: DemoOptions): number {
  if (!task) return refuse(`Baton did not take the issue up within ${seconds} seconds.`);
  const { headline, detail } = standingOf(task);
  const look = `To look at it: npm run local -- --dir ${quoted(shown(dir))}`;
  const isOpen = !isOver(task) && task.phase.kind !== "stuck";
  const why = isOpen ? `The loop did not come to its end within ${seconds} seconds` : "The loop ended early";
  return refuse(`${why}: ${headline}.${detail === "" ? "" : ` ${detail}`}\n${look}`);
}

function refuse(why: string): number {
  console.error(why);
  return 1;
}

function placeOf(local: Local): { readonly owner: string; readonly repo: string } {
  return { owner: "maya", repo: local.world.repository.name };
}
