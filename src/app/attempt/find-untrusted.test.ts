import { expect, test } from "vitest";
import { exampleAttempt, exampleTask } from "../../../test/support/task/example-task.ts";
import { samplePolicy } from "../../../test/support/task/sample-policy.ts";
import type { Role } from "../../contract/role.ts";
import type { RepositoryRole } from "../../core/policy/policy.ts";
import type { TaskEvent } from "../../core/task/events.ts";
import type { AppContext } from "../context.ts";
import { briefAttempt } from "./brief-attempt.ts";
import { findUntrusted } from "./find-untrusted.ts";

const ROLES: Readonly<Record<string, RepositoryRole>> = { maya: "maintain", tess: "triage", rita: "read" };

/** Of the context only who opened the issue, who may do what, and what was asked for. */
function contextOf(
  author: string | null,
  guides: readonly (readonly [by: string, guidance: string | null])[],
) {
  const history = guides.map(([by, guidance]) => {
    const event: TaskEvent = { type: "RetryRequested", by, stage: "plan", guidance };
    return { events: [event] };
  });
  return {
    github: async () => ({
      issue: async () => (author === "gone" ? null : { author }),
      roleOf: async (_repository: unknown, login: string) => ROLES[login] ?? "none",
    }),
    store: { tasks: { history: async () => history } },
  } as unknown as AppContext;
}

test.each<[string, string | null, string[]]>([
  ["a maintainer", "maya", []],
  ["somebody who may only triage", "tess", ["issue"]],
  ["a stranger", "zoe", ["issue"]],
  ["an account that is gone", null, ["issue"]],
  ["nobody, since it was deleted", "gone", ["issue"]],
])("the issue of %s", async (_who, author, untrusted) => {
  expect(await findUntrusted(contextOf(author, []), exampleTask())).toEqual(untrusted);
});

test("guidance is by whoever said it last, and not by whoever asked again without a word", async () => {
  const task = exampleTask({ guidance: "Mind the comma." });
  const strangers = contextOf("maya", [
    ["maya", "Try again."],
    ["tess", "Mind the comma."],
    ["maya", null],
  ]);
  expect(await findUntrusted(strangers, task)).toEqual(["guidance"]);
  expect(await findUntrusted(contextOf("maya", [["maya", "Mind the comma."]]), task)).toEqual([]);
});

test("a policy that excludes such text keeps it out of the briefing; otherwise it is named", () => {
  const role = { prompt: "Plan." } as Role;
  const untrusted = ["issue", "guidance"] as const;
  const brief = (policy: "fence" | "exclude") =>
    briefAttempt(
      exampleTask({ guidance: "Hm.", policy: samplePolicy({ briefing: { untrusted: policy } }) }),
      exampleAttempt("plan"),
      { role, skills: [], untrusted },
    );
  expect(brief("exclude")).toMatchObject({
    issue: { title: "", body: "" },
    guidance: null,
    withheld: untrusted,
  });
  expect(brief("fence")).toMatchObject({ guidance: "Hm.", untrusted, withheld: [] });
  expect(brief("fence").issue.title).not.toBe("");
});
