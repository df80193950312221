import { describe, expect, test } from "vitest";
import { sampleBriefing } from "../../../../test/support/harness/sample-briefing.ts";
import { answerPermission, rolePermissions, type RolePermissions } from "./role-permissions.ts";

const RESULT = "/session/exchange/result.json";

function permissionsOf(tools: readonly string[]): RolePermissions {
  const role = { name: "someone", prompt: "You work.", tools };
  return rolePermissions({ briefing: sampleBriefing({ role }), resultFile: RESULT });
}

describe("what a role may do", () => {
  test("is what it has tools for, and to write its result", () => {
    const reviewer = permissionsOf(["read", "search"]);
    expect(reviewer.mayUse("read", [])).toBe(true);
    expect(reviewer.mayUse("execute", [])).toBe(false);
    expect(reviewer.mayUse("edit", ["/session/work/x"])).toBe(false);
    expect(reviewer.mayUse("delete", [RESULT])).toBe(false);
    expect(reviewer.mayUse("edit", [RESULT])).toBe(true);
    expect(reviewer.mayUse("edit", ["/session/exchange/../exchange/result.json"])).toBe(true);
    expect(reviewer.mayUse("edit", [RESULT, "/session/work/x"])).toBe(false);
    expect(reviewer.mayUse("edit", [])).toBe(false);
  });

  test("is all but pages from elsewhere where no tools are named", () => {
    const anyone = permissionsOf([]);
    expect(anyone.mayUse("delete", ["/session/work/x"])).toBe(true);
    expect(anyone.mayUse("fetch", [])).toBe(false);
  });
});

describe("an agent's question", () => {
  const options = [
    { optionId: "always", name: "Always", kind: "allow_always" },
    { optionId: "once", name: "Once", kind: "allow_once" },
    { optionId: "no", name: "No", kind: "reject_once" },
  ] as const;

  test("is answered for once, so that it asks again", () => {
    const answer = (isAllowed: boolean): unknown => answerPermission({ options: [...options] }, isAllowed);
    expect(answer(true)).toEqual({ outcome: { outcome: "selected", optionId: "once" } });
    expect(answer(false)).toEqual({ outcome: { outcome: "selected", optionId: "no" } });
  });

  test("is cancelled where no answer says no", () => {
    const [always] = options;
    expect(answerPermission({ options: [always] }, false)).toEqual({ outcome: { outcome: "cancelled" } });
  });
});
