import { onTestFinished } from "vitest";
import type { DeliveryId } from "../../../src/base/ids.ts";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import { changeTask } from "../../../src/app/change-task.ts";
import type { AppContext } from "../../../src/app/context.ts";
import { handleIntent } from "../../../src/app/handle-intent.ts";
import type { Intent } from "../../../src/app/intent.ts";
import { taskId } from "../../../src/base/ids.ts";
import type { TaskId, TenantId } from "../../../src/base/ids.ts";
import type { TaskCommand } from "../../../src/core/task/commands.ts";
import type { Task } from "../../../src/core/task/state.ts";
import type { GitHub } from "../../../src/ports/github.ts";
import type { PendingEffect, Store } from "../../../src/ports/task-store.ts";
import { dueEffects } from "../due-effects.ts";
import { REPOSITORY, startCommand } from "../task/candidate-commands.ts";

/** The use cases over a real store in memory, with a GitHub that answers only what a test taught it. */
export type App = {
  readonly context: AppContext;
  /** What another process has, on the same store and GitHub. */
  readonly another: () => AppContext;
  /** What was asked of GitHub to change something, in order. */
  readonly done: readonly string[];
  /** Opens a task of its own issue under the sample policy. */
  readonly task: () => Promise<Task>;
  readonly tell: (task: TaskId, command: TaskCommand, actor?: string) => Promise<Task>;
  readonly load: (task: TaskId) => Promise<Task>;
  /** Carries out an intent as of a delivery of its own. */
  readonly handle: (intent: Intent) => Promise<void>;
  readonly effects: () => Promise<readonly PendingEffect[]>;
};

const NOW = new Date("2026-11-20T12:00:00.000Z");
const LATER = new Date("2030-01-01T00:00:00.000Z");

/** For one test. @param answers what GitHub says; what is not here must not be asked. */
export async function openApp(answers: Partial<GitHub> = {}): Promise<App> {
  const store = await openStore({ memory: true });
  onTestFinished(() => store.close());
  const done: string[] = [];
  const github = teach(answers, done);
  const context = contextOf(store, github);
  let issues = 0;
  let deliveries = 0;
  const load = async (id: TaskId): Promise<Task> => {
    const loaded = await store.tasks.load(id);
    if (!loaded) throw new Error(`There is no task ${id}.`);
    return loaded.task;
  };
  const tell = async (task: TaskId, command: TaskCommand, actor = "robin"): Promise<Task> => {
    const told = await changeTask(context, {
      task,
      actor,
      cause: "test",
      commands: [command],
      settled: { kind: "none" },
    });
    const [decision] = told.decisions;
    if (decision?.ok === false) throw new Error(decision.error.message);
    return load(task);
  };
  return {
    context,
    another: () => contextOf(store, github),
    done,
    load,
    tell,
    task() {
      const number = ++issues;
      const start = startCommand();
      const id = taskId(REPOSITORY.id, number, 1);
      return tell(
        id,
        { ...start, task: id, issue: { ...start.issue, number }, branch: `baton/${number}-sum` },
        "maya",
      );
    },
    async handle(intent) {
      const id = `delivery-${++deliveries}` as DeliveryId;
      await store.inbox.store({ id, event: "test", body: new Uint8Array(), receivedAt: NOW.toISOString() });
      await handleIntent(context, intent, id);
    },
    effects: () => dueEffects(store.outbox, LATER),
  };
}

function contextOf(store: Store, github: GitHub): AppContext {
  let drawn = 0;
  return {
    store,
    github: async () => github,
    runs: { verify: async () => ({ ok: false, error: "No token is known." }) },
    clock: { now: () => NOW, waitUntil: async () => undefined },
    randomness: { token: () => `token-${++drawn}`, draw: () => 0.5 },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    identity: { id: 1, slug: "baton", login: "baton[bot]" },
    serverUrl: "http://baton.test",
  };
}

/** Methods that change something are noted, and done unless a test says otherwise. */
function teach(answers: Partial<GitHub>, done: string[]): GitHub {
  return new Proxy({} as GitHub, {
    get(_none, name) {
      // The context hands this out from a promise, which looks whether it is one itself.
      if (name === "then" || typeof name === "symbol") return undefined;
      const taught = answers[name as keyof GitHub] as ((...given: unknown[]) => unknown) | undefined;
      const changes = /^(ensure|remove|cancel|dispatch|merge)/.test(name);
      return async (...given: unknown[]) => {
        if (changes) done.push(name);
        if (!taught && !changes) throw new Error(`Nobody taught GitHub what ${name} is.`);
        return taught?.(...given);
      };
    },
  });
}

/** What an intent about the sample repository has. */
export function place(login = "sam"): {
  readonly tenant: TenantId;
  readonly repository: typeof REPOSITORY;
  readonly sender: { readonly id: number; readonly login: string; readonly type: "user" };
} {
  return { tenant: 1 as TenantId, repository: REPOSITORY, sender: { id: 7, login, type: "user" } };
}
