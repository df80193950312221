import { expect, test } from "vitest";
import { routeKind } from "./route-kind.ts";

test.each([
  ["https://api.github.com/repos/octo/hello/issues/7/labels?per_page=100", "/repos/:repo/issues/:id/labels"],
  ["https://api.github.com/repositories/42/issues/7/labels?page=2", "/repos/:repo/issues/:id/labels"],
  ["http://127.0.0.1:4000/api/v3/repos/octo/hello/issues/7/labels", "/repos/:repo/issues/:id/labels"],
  [
    "https://api.github.com/repos/octo/hello/issues/7/labels/baton%3Apending",
    "/repos/:repo/issues/:id/labels/:id",
  ],
  [
    "https://api.github.com/repos/octo/hello/contents/.github/baton.yml?ref=main",
    "/repos/:repo/contents/:path",
  ],
  ["https://api.github.com/repos/octo/hello/git/ref/heads%2Fmain", "/repos/:repo/git/ref/:id"],
  [
    "https://api.github.com/repos/octo/hello/commits/0123abc/check-runs",
    "/repos/:repo/commits/:id/check-runs",
  ],
  ["https://api.github.com/repos/octo/hello/compare/main...x", "/repos/:repo/compare/:id"],
  [
    "https://api.github.com/repos/octo/hello/actions/workflows/baton.yml/dispatches",
    "/repos/:repo/actions/workflows/:id/dispatches",
  ],
  ["https://api.github.com/repos/octo/hello", "/repos/:repo"],
  ["https://api.github.com/repositories/42", "/repos/:repo"],
  ["https://api.github.com/app/installations/42/access_tokens", "/app/installations/:id/access_tokens"],
  ["https://api.github.com/users/baton%5Bbot%5D", "/users/:id"],
  ["http://127.0.0.1:4000/api/graphql", "/graphql"],
])("%s is of the kind %s", (url, kind) => {
  expect(routeKind("GET", url)).toBe(`GET ${kind}`);
});
