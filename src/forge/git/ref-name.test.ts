import { describe, expect, it } from "vitest";

import { branchOfRef, isRefName, tagOfRef } from "./ref-name.ts";

describe("isRefName", () => {
  it.each([
    "refs/heads/main",
    "refs/heads/feature/a-b_c",
    "refs/tags/v1.0",
    "refs/heads/ümlaut",
    "refs/heads/@",
  ])("accepts %s", (name) => {
    expect(isRefName(name)).toBe(true);
  });

  it.each([
    "main",
    "refs/heads/",
    "refs//main",
    "refs/heads/a..b",
    "refs/heads/a b",
    "refs/heads/a~1",
    "refs/heads/a^",
    "refs/heads/a:b",
    "refs/heads/a?",
    "refs/heads/[a]",
    "refs/heads/a\\b",
    "refs/heads/a.lock",
    "refs/heads/.a",
    "refs/heads/a.",
    "refs/heads/a@{1}",
    "refs/heads/a\u0007",
    "refs/heads/a\n",
  ])("refuses %j", (name) => {
    expect(isRefName(name)).toBe(false);
  });
});

describe("the name inside a reference", () => {
  it("is found for branches and tags, each by its own", () => {
    expect(branchOfRef("refs/heads/a/b")).toBe("a/b");
    expect(branchOfRef("refs/tags/v1")).toBeUndefined();
    expect(tagOfRef("refs/tags/v1")).toBe("v1");
    expect(tagOfRef("refs/notes/x")).toBeUndefined();
  });
});
