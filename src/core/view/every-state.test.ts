import fc from "fast-check";
import { expect, test } from "vitest";
import { takeWalk, walk } from "../../../test/support/task/explore-tasks.ts";
import type { CheckToShow } from "../../ports/github.ts";
import { deriveStatus, isOver } from "../task/derive-status.ts";
import type { TaskEventType } from "../task/events.ts";
import type { Task } from "../task/state.ts";
import { auditLine } from "./audit-line.ts";
import { renderChecks } from "./checks.ts";
import { mergeMessage } from "./merge-message.ts";
import { pullRequestText } from "./pull-request-text.ts";
import { MAX_COMMENT, statusComment, statusMarker } from "./status-comment.ts";
import { taskLabel } from "./task-label.ts";

const RUNS = { numRuns: 60 };

/** Looks at every state that random walks through the machine come to. */
function everyState(look: (task: Task) => void): void {
  fc.assert(
    fc.property(walk, (taken) => {
      takeWalk(taken, ({ after, events }) => {
        if (after && events.length > 0) look(after);
      });
    }),
    RUNS,
  );
}

test("every state has a comment, a label and texts within GitHub's limits", () => {
  everyState((task) => {
    const comment = statusComment(task, { appSlug: "baton-app" });
    expect(comment.startsWith(`${statusMarker(task.id)}\n\n### Baton: `)).toBe(true);
    expect(comment.length).toBeLessThanOrEqual(MAX_COMMENT);
    expect(comment).not.toContain("undefined");
    const label = taskLabel(task);
    expect(label.name).toBe(`baton:${deriveStatus(task)}`);
    expect(label.name.length).toBeLessThanOrEqual(50);
    expect(label.description.length).toBeLessThanOrEqual(100);
    expect(label.color).toMatch(/^[0-9a-f]{6}$/);
    expect(pullRequestText(task).title.length).toBeLessThanOrEqual(256);
    expect(mergeMessage(task, "").message).toContain("Baton-task: ");
  });
});

test("every state has the same checks, and none is red while something is waited for", () => {
  everyState((task) => {
    // What the port takes is what is rendered.
    const checks: readonly CheckToShow[] = renderChecks(task);
    expect(checks.map(({ name }) => name)).toEqual(
      ["plan", "test", "implement", "verify", "review", "gate"].map((stage) => `baton/${stage}`),
    );
    expect(new Set(checks.map(({ externalId }) => externalId)).size).toBe(6);
    for (const check of checks) {
      expect(check.title).toMatch(/^\S.{0,119}$/);
      expect(check.summary).not.toBe("");
      expect(check.conclusion === null).toBe(check.status !== "completed");
      if (check.conclusion === "failure") expect(task.phase).toMatchObject({ kind: "stuck" });
      if (isOver(task)) expect(check.status).toBe("completed");
    }
  });
});

test("the gate's check is green only where the work may be merged", () => {
  everyState((task) => {
    const gate = renderChecks(task).find(({ name }) => name === "baton/gate");
    if (gate?.conclusion !== "success") return;
    expect(["reviewable", "merging", "completed"]).toContain(task.phase.kind);
    expect(task.hold).toBeNull();
  });
});

test("every event is one sentence on the record", () => {
  const seen = new Set<TaskEventType>();
  fc.assert(
    fc.property(walk, (taken) => {
      for (const recorded of takeWalk(taken, () => undefined)) {
        seen.add(recorded.event.type);
        expect(auditLine(recorded)).toMatch(/^[\p{L}\p{N}][^\n]{5,600}[.!?…]$/u);
      }
    }),
    RUNS,
  );
  expect(seen.size).toBeGreaterThan(25);
});
