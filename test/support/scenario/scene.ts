import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Octokit } from "@octokit/rest";
import { stringify } from "yaml";
import { statusWords } from "../../../src/core/view/task-label.ts";
import { eventsOf, type RecordedEvent, type TaskEventType } from "../../../src/core/task/events.ts";
import type { Task } from "../../../src/core/task/state.ts";
import { CONFIG_PATH } from "../../../src/contract/repository-config/config-problem.ts";
import type { Repository } from "../../../src/forge/hub/entity/repository.ts";
import type { Store } from "../../../src/ports/task-store.ts";
import { commitFiles } from "../../integration/github/commit-files.ts";
import type { AgentScript, AgentSession } from "./agent-script.ts";
import { readSessions, writeAgent } from "./agent-script.ts";
import type { Changes } from "./await-condition.ts";
import { awaitCondition } from "./await-condition.ts";
import type { SceneView } from "./observe-scene.ts";
import { observeScene } from "./observe-scene.ts";
import type { Person, ScenarioForge } from "./scenario-forge.ts";
import { writeIn } from "./scenario-forge.ts";
import { expectSoundRecord } from "./sound-record.ts";

export type SceneWish = {
  /** Keys of the policy that differ from SCENE_POLICY; a string is the file as it is, null leaves it out. */
  readonly policy?: Readonly<Record<string, unknown>> | string | null;
  readonly agent?: AgentScript;
  /** Further files of the repository. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether the repository has a workflow that tests every push; it has unless said otherwise. */
  readonly checks?: boolean;
  readonly workflow?: boolean;
  readonly issue?: { readonly title?: string; readonly body?: string };
};

/** Quick retries, and Baton merges: what a scenario is not about should not keep it waiting. */
const SCENE_POLICY = {
  version: 1,
  harness: { use: "command", run: ["node", "tools/agent.mjs"] },
  retry: { attempts: 2, backoff: "250ms", backoff_cap: "1s" },
  tiers: { default: "medium" },
  verify: { settle: "250ms" },
  merge: { automatic: true },
};

const CHECKS = `name: CI
on: push
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          persist-credentials: false
      - run: node --test
`;

/** Two slow cores that others use as well: a limit for what hangs, never a pause. */
const PATIENCE_MS = 300_000;

/** How long nothing may be asked of the forge before it counts as quiet. */
const QUIET_MS = 750;

/** What Baton has on record; null where it cannot be read while Baton runs. */
export type SceneRecord = { readonly store: () => Store | null; readonly changes: Changes };

export type Scene = SceneView & {
  readonly repository: Repository;
  readonly site: { readonly owner: string; readonly repo: string };
  readonly issueNumber: number;
  readonly as: (person: Person) => Octokit;
  /** Puts a label on the issue: the trigger unless another is named. */
  readonly label: (by?: Person, label?: string) => Promise<void>;
  /** Comments on the issue, or on the pull request, and gives the comment's id. */
  readonly comment: (by: Person, body: string, on?: "issue" | "pull") => Promise<number>;
  /** Comments and waits for the reaction. */
  readonly ask: (by: Person, body: string, on?: "issue" | "pull") => Promise<Answered>;
  readonly review: (by: Person, event: "APPROVE" | "REQUEST_CHANGES", body?: string) => Promise<void>;
  /** Commits files as a person, on the default branch unless another is named; gives the commit. */
  readonly push: (
    by: Person,
    files: Readonly<Record<string, string | null>>,
    branch?: string,
  ) => Promise<string>;
  /** Lets the agent go on that `waits` for this name. */
  readonly release: (name: string) => Promise<void>;
  readonly sessions: (stage: "plan" | "test" | "implement" | "review") => Promise<readonly AgentSession[]>;
  readonly task: () => Promise<Task>;
  readonly history: () => Promise<readonly RecordedEvent[]>;
  /** Until the task's status reads like this, as in "blocked: approval", on record and on the issue. */
  readonly until: (status: string) => Promise<Task>;
  readonly untilEvent: (type: TaskEventType, count?: number) => Promise<RecordedEvent>;
  readonly untilTrue: (what: string, holds: () => boolean | Promise<boolean>) => Promise<void>;
  /** Until all that was asked of Baton is done, and only timers are left. */
  readonly untilQuiet: () => Promise<void>;
  readonly expectSoundRecord: () => Promise<readonly RecordedEvent[]>;
};

type Answered = {
  readonly reaction: string;
  /** null: the reaction says it all. */
  readonly line: string | null;
};

let count = 0;

/** A repository of its own with one issue, so that scenes on the same forge do not meet. */
export async function openScene(forge: ScenarioForge, record: SceneRecord, wish: SceneWish): Promise<Scene> {
  const name = `scene-${++count}`;
  const records = join(forge.dir, "records", name);
  const repository = await forge.createRepository({
    name,
    workflow: wish.workflow ?? true,
    fill: async (folder) => {
      await writeIn(folder, "README.md", "# Doubles\n");
      await writeAgent(folder, { script: wish.agent ?? {}, records });
      if (wish.checks ?? true) await writeIn(folder, ".github/workflows/ci.yml", CHECKS);
      if (wish.policy !== null) await writeIn(folder, CONFIG_PATH, policyText(wish.policy ?? {}));
      for (const [path, text] of Object.entries(wish.files ?? {})) await writeIn(folder, path, text);
    },
  });
  const site = { owner: "maya", repo: name };
  const { data: issue } = await forge.as("maya").rest.issues.create({
    ...site,
    title: wish.issue?.title ?? "Double numbers",
    body: wish.issue?.body ?? "`double(21)` should be 42.",
  });
  const issueNumber = issue.number;
  const view = observeScene(forge, repository, issueNumber);
  const scene = { forge, record, repository, site, issueNumber, records, view };
  return { ...view, repository, site, issueNumber, as: forge.as, ...actionsIn(scene), ...waitsIn(scene) };
}

export function policyText(policy: Readonly<Record<string, unknown>> | string): string {
  return typeof policy === "string" ? policy : stringify({ ...SCENE_POLICY, ...policy });
}

type Setting = {
  readonly forge: ScenarioForge;
  readonly record: SceneRecord;
  readonly repository: Repository;
  readonly site: { readonly owner: string; readonly repo: string };
  readonly issueNumber: number;
  readonly records: string;
  readonly view: SceneView;
};

function actionsIn({ forge, site, issueNumber, records, view, repository }: Setting) {
  const pullNumber = () => {
    const [pull] = view.pulls();
    if (!pull) throw new Error("There is no pull request.");
    return pull.number;
  };
  const actions = {
    async label(by: Person = "maya", label = "baton") {
      await forge.as(by).rest.issues.addLabels({ ...site, issue_number: issueNumber, labels: [label] });
    },
    async comment(by: Person, body: string, on: "issue" | "pull" = "issue") {
      const number = on === "issue" ? issueNumber : pullNumber();
      const { data } = await forge.as(by).rest.issues.createComment({ ...site, issue_number: number, body });
      return data.id;
    },
    async review(by: Person, event: "APPROVE" | "REQUEST_CHANGES", body = "Read.") {
      await forge.as(by).rest.pulls.createReview({ ...site, pull_number: pullNumber(), event, body });
    },
    push: (by: Person, files: Readonly<Record<string, string | null>>, branch = repository.defaultBranch) =>
      commitFiles(forge.as(by), site, { branch, files }),
    async release(name: string) {
      await writeFile(join(records, name), "");
    },
    sessions: (stage: "plan" | "test" | "implement" | "review") => readSessions(records, stage),
  };
  return actions;
}

function waitsIn(setting: Setting) {
  const { forge, record, repository, site, issueNumber, view } = setting;
  const tasks = () => storeOf(record).tasks;
  const find = () => tasks().findByIssue(repository.id, issueNumber);

  async function task(): Promise<Task> {
    const found = await find();
    if (!found) throw new Error("Nothing works on the issue.");
    return found.task;
  }

  async function history(): Promise<readonly RecordedEvent[]> {
    if (!record.store()) return [];
    const found = await find();
    return found ? eventsOf(await tasks().history(found.task.id)) : [];
  }

  async function describe(wanted: string): Promise<string> {
    const events = await history();
    const lines = events.map(
      ({ event, meta }) => `  ${meta.at} ${meta.actor} ${JSON.stringify(event).slice(0, 300)}`,
    );
    const status = events.length === 0 ? "no task" : statusWords(await task());
    const said = view.ownComments().map((body) => `  ${body.slice(0, 400)}`);
    return [
      `Waited in vain for ${wanted}; it is: ${status}`,
      ...lines,
      `labels ${view.labels().join()}`,
      ...said,
    ].join("\n");
  }

  function wait<Found>(wanted: string, look: () => Promise<Found | null>): Promise<Found> {
    return awaitCondition({
      look,
      changes: record.changes,
      describe: () => describe(wanted),
      timeoutMs: PATIENCE_MS,
    });
  }

  async function untilTrue(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    await wait(what, async () => ((await holds()) ? true : null));
  }

  return {
    task,
    history,
    untilTrue,
    async ask(by: Person, body: string, on: "issue" | "pull" = "issue"): Promise<Answered> {
      const number = on === "issue" ? issueNumber : (view.pulls()[0]?.number ?? 0);
      const { data } = await forge.as(by).rest.issues.createComment({ ...site, issue_number: number, body });
      return wait(`an answer to ${JSON.stringify(body)}`, async () => {
        const reaction = view.reactions(data.id).find((content) => content !== "eyes");
        if (reaction === undefined) return null;
        // The line follows the reaction, and the webhook is done with after both.
        const pending = await storeOf(record).inbox.pending(1_000);
        const comment = `"id":${data.id},`;
        if (pending.some(({ body }) => Buffer.from(body).includes(comment))) return null;
        return { reaction, line: view.answer(data.id) };
      });
    },
    until: (status: string) =>
      wait(status, async () => {
        const now = (await find())?.task;
        if (!now || statusWords(now) !== status) return null;
        const shown = view.labels().filter((label) => label.startsWith("baton:"));
        return shown.join() === `baton:${status.split(":")[0] ?? ""}` ? now : null;
      }),
    untilEvent: (type: TaskEventType, count = 1) =>
      wait(`${type} (${count})`, async () => {
        const found = (await history()).filter(({ event }) => event.type === type);
        return found[count - 1] ?? null;
      }),
    untilQuiet: () => untilTrue("quiet", () => isQuiet(setting)),
    async expectSoundRecord() {
      return expectSoundRecord(storeOf(record), (await task()).id);
    },
  };
}

function storeOf(record: SceneRecord): Store {
  const store = record.store();
  if (!store) throw new Error("The record cannot be read while Baton runs elsewhere.");
  return store;
}

/** Nothing on its way to Baton, nothing stored undone, nothing due, and no run that could still tell something. */
async function isQuiet({ forge, record, repository, site }: Setting): Promise<boolean> {
  const { store } = forge.forge.hub;
  const mine = { repositoryId: repository.id };
  const asked = () => forge.exchanges.filter(({ path }) => path.includes(`/repos/maya/${site.repo}/`)).length;
  const looks = async () => {
    const { inbox, outbox } = storeOf(record);
    const [pending, turns] = [await inbox.pending(1_000), await outbox.turns(new Date(), [])];
    return (
      store.deliveries.find({ state: "waiting" }, { filter: isOf(repository.id) }).length === 0 &&
      store.workflowRuns.find(mine).every(({ status }) => status === "completed") &&
      !pending.some(({ body }) => Buffer.from(body).includes(`"full_name":"maya/${site.repo}"`)) &&
      turns.length === 0
    );
  };
  if (!(await looks())) return false;
  // What a person or a runner just did may be on its way: it shows by what it asks of the forge.
  const before = asked();
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  return before === asked() && (await looks());
}

function isOf(repositoryId: number) {
  return (delivery: { readonly repositoryId: number | null }) => delivery.repositoryId === repositoryId;
}
