import { expect, test } from "vitest";
import { runEffect } from "../../../src/app/run-effect.ts";
import { ISSUE } from "../../support/task/candidate-commands.ts";
import { openApp, place, type App } from "../../support/app/open-app.ts";
import { SECOND_HEAD, takeTo } from "../../support/app/way-of-a-task.ts";

const MERGE_SHA = "9".repeat(40);

test("a /retry that comes while GitHub merges is refused with the reason, and the merge completes the task", async () => {
  const answers: string[] = [];
  const app: App = await openApp({
    roleOf: async () => "write",
    userIdOf: async () => 1,
    ensureReaction: async (_repository, _comment, reaction) => void answers.push(reaction),
    ensureComment: async (_repository, _number, _marker, body) => void answers.push(body),
    merge: async () => {
      answers.length = 0;
      await app.handle({
        ...place("robin"),
        kind: "comment-created",
        issue: { ...ISSUE, number: task.issue.number },
        isPull: false,
        commentId: 77,
        body: "/retry implement",
        createdAt: "2026-11-20T12:00:00Z",
      });
      expect(await app.load(task.id)).toMatchObject({ phase: { kind: "merging" } });
      return { kind: "merged", sha: MERGE_SHA };
    },
  });
  const task = await takeTo(app, "reviewable");
  await app.tell(task.id, { type: "record-pull", number: 8, url: "http://pull" });
  const yes = { type: "approve", digest: null, givenAt: "2026-11-20T12:00:00Z", source: "review" } as const;
  await app.tell(task.id, { ...yes, sha: SECOND_HEAD });
  const pending = (await app.effects()).find(({ effect }) => effect.kind === "merge");
  if (!pending) throw new Error("No merge was asked for.");
  await runEffect(app.context, pending);
  expect(answers).toEqual(["confused", expect.stringContaining("The pull request is being merged.")]);
  expect((await app.load(task.id)).phase).toEqual({ kind: "completed", mergeSha: MERGE_SHA, by: "baton" });
});
