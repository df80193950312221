import { expect, test } from "vitest";

import { jobPermissions } from "./job-permissions.ts";

const nothing = { workflow: undefined, job: undefined, defaults: "read", fromFork: false } as const;

test("a workflow that declares nothing gets the repository's default", () => {
  expect(jobPermissions(nothing)).toEqual({ metadata: "read", contents: "read", packages: "read" });
  expect(jobPermissions({ ...nothing, defaults: "write" })).toMatchObject({
    contents: "write",
    checks: "write",
  });
});

test("naming one scope takes away the others", () => {
  expect(jobPermissions({ ...nothing, workflow: { "pull-requests": "write", issues: "none" } })).toEqual({
    metadata: "read",
    pull_requests: "write",
  });
  expect(jobPermissions({ ...nothing, workflow: {} })).toEqual({ metadata: "read" });
});

test("a job's permissions replace the workflow's", () => {
  const request = { ...nothing, workflow: { contents: "write" }, job: { "id-token": "write" } } as const;
  expect(jobPermissions(request)).toEqual({ metadata: "read", id_token: "write" });
});

test("read-all and write-all name every scope", () => {
  expect(jobPermissions({ ...nothing, workflow: "read-all" })).toMatchObject({ statuses: "read" });
  expect(jobPermissions({ ...nothing, workflow: "write-all" })).toMatchObject({ id_token: "write" });
});

test("a fork's pull request never gets to write or to prove who it is", () => {
  const request = { ...nothing, job: { contents: "write", "id-token": "write" }, fromFork: true } as const;
  expect(jobPermissions(request)).toEqual({ metadata: "read", contents: "read" });
});
