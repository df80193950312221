import { hash } from "node:crypto";
import type { TaskId } from "../base/ids.ts";
import { isOver } from "../core/task/derive-status.ts";
import type { Task } from "../core/task/state.ts";
import { renderChecks } from "../core/view/checks.ts";
import { statusComment, statusMarker } from "../core/view/status-comment.ts";
import { taskLabel } from "../core/view/task-label.ts";
import type { GitHub } from "../ports/github.ts";
import type { ShownParts } from "../ports/task-store.ts";
import type { AppContext } from "./context.ts";
import { STATUS_LABEL_PREFIX } from "./status-label-prefix.ts";

/**
 * Renders the whole current state into labels, checks and the status comment. What was shown last is kept in the store,
 * so that an event that changes nothing a person can see costs no request, whichever process showed it. It is forgotten
 * before a part is shown and stored anew only where no other mirror of the task was under way meanwhile, so that neither
 * a crash nor two at once leave something stored that GitHub does not show.
 * @param options.always show it even so: somebody may have changed it by hand.
 */
export async function mirrorTask(
  context: AppContext,
  id: TaskId,
  options: { readonly always: boolean },
): Promise<void> {
  const { tasks, mirror } = context.store;
  const loaded = await tasks.load(id);
  if (!loaded) return;
  const { task } = loaded;
  const github = await context.github(task.tenant);
  const newest = await tasks.findByIssue(task.repository.id, task.issue.number);
  // The issue has one status: a task that began after this one shows its own.
  const parts = partsOf(context, github, task).filter(
    ({ name }) => name !== "label" || newest?.task.id === id,
  );
  const showing = await mirror.begin(id, digestsOf(parts), options);
  if (!showing) return;
  const shown: Part[] = [];
  try {
    for (const part of parts.filter(({ name }) => showing.parts.includes(name))) {
      await part.show();
      shown.push(part);
    }
  } finally {
    // What is over is shown once more and then forgotten, or the table would grow with every task there ever was.
    if (isOver(task)) await mirror.forget(id);
    else await mirror.end(id, showing, digestsOf(shown));
  }
}

type Part = { readonly name: string; readonly content: unknown; readonly show: () => Promise<void> };

function digestsOf(parts: readonly Part[]): ShownParts {
  return Object.fromEntries(
    parts.map(({ name, content }) => [name, hash("sha256", JSON.stringify(content), "hex")]),
  );
}

function partsOf(context: AppContext, github: GitHub, task: Task): Part[] {
  const { repository, issue, headSha, queuedSha } = task;
  const label = { prefix: STATUS_LABEL_PREFIX, ...taskLabel(task) };
  const comment = statusComment(task, { appSlug: context.identity.slug });
  const parts: Part[] = [
    {
      name: "label",
      content: label,
      show: () => github.ensureLabel(repository, issue.number, label),
    },
    {
      name: "comment",
      content: comment,
      show: () => github.ensureComment(repository, issue.number, statusMarker(task.id), comment),
    },
  ];
  if (headSha === null) return parts;
  const checks = renderChecks(task);
  const checksOn = (name: string, sha: string): Part => ({
    name,
    content: [sha, checks],
    show: () => github.ensureChecks(repository, sha, checks),
  });
  // A merge queue waits for the required checks on a commit of its own.
  const queued = queuedSha === null ? [] : [checksOn("queued-checks", queuedSha)];
  return [...parts, checksOn("checks", headSha), ...queued];
}
