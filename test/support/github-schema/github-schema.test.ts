import { expect, test } from "vitest";

import { checkGraphqlQuery } from "./check-graphql.ts";
import { checkRestRequest, checkRestResponse } from "./check-rest.ts";
import { checkWebhook } from "./check-webhook.ts";

const label = {
  id: 1,
  node_id: "LA_1",
  url: "http://127.0.0.1/labels/bug",
  name: "bug",
  color: "ededed",
  default: false,
  description: null,
};

const labelsOf = (responseBody: unknown) =>
  checkRestResponse({
    method: "GET",
    path: "/repos/o/r/issues/1/labels",
    requestBody: undefined,
    status: 200,
    responseBody,
  });

test("an endpoint that GitHub does not have is a problem", () => {
  expect(checkRestRequest({ method: "GET", path: "/repos/o/r/wishes", requestBody: undefined })).toEqual([
    { where: "GET /repos/o/r/wishes", at: "", message: "GitHub describes no such endpoint" },
  ]);
});

test("a parameter that GitHub does not have is a problem", () => {
  const request = { method: "GET", path: "/repos/o/r/issues?labelled=x", requestBody: undefined };
  expect(checkRestRequest(request)).toMatchObject([{ at: "?labelled" }]);
});

test("a parameter of the wrong type is a problem, and a number in the query is not", () => {
  const ask = (query: string) =>
    checkRestRequest({ method: "GET", path: `/repos/o/r/issues?${query}`, requestBody: undefined });
  expect(ask("per_page=100&state=all")).toEqual([]);
  expect(ask("per_page=many")).toMatchObject([{ at: "?per_page/value" }]);
  expect(ask("state=ajar")).toMatchObject([{ at: "?state/value" }]);
});

test("a body without what GitHub requires is a problem", () => {
  const request = { method: "POST", path: "/repos/o/r/issues", requestBody: { body: "No title" } };
  expect(checkRestRequest(request)).toMatchObject([{ where: "POST /repos/{owner}/{repo}/issues request" }]);
});

test("a body where GitHub takes none is a problem", () => {
  const request = { method: "GET", path: "/repos/o/r", requestBody: { owner: "o" } };
  expect(checkRestRequest(request)).toMatchObject([{ message: "GitHub takes no body here" }]);
});

test("paths and references may contain slashes", () => {
  const ask = (path: string) => checkRestRequest({ method: "GET", path, requestBody: undefined });
  expect(ask("/repos/o/r/contents/src/a/b.ts?ref=feature/x")).toEqual([]);
  expect(ask("/repos/o/r/git/ref/heads/feature/x")).toEqual([]);
});

test("an answer passes only with every field that GitHub promises, of its type", () => {
  const { color: _color, ...colourless } = label;
  expect(labelsOf([label])).toEqual([]);
  expect(labelsOf([colourless])).toMatchObject([{ at: "/0" }]);
  expect(labelsOf([{ ...label, id: "1" }])).toMatchObject([{ at: "/0/id" }]);
  expect(labelsOf([{ ...label, url: "not a URL" }])).toMatchObject([{ at: "/0/url" }]);
});

test("a status that GitHub does not answer with is a problem", () => {
  const exchange = {
    method: "GET",
    path: "/repos/o/r",
    requestBody: undefined,
    status: 202,
    responseBody: {},
  };
  expect(checkRestResponse(exchange)).toMatchObject([{ message: "GitHub describes no such status here" }]);
});

test("a webhook passes only in the shape that GitHub describes", () => {
  const problems = checkWebhook({ event: "issues", payload: { action: "opened", issue: {} } });
  expect(problems.map(({ at, message }) => `${at} ${message}`)).toContain(
    ` must have required property 'repository' {"missingProperty":"repository"}`,
  );
  expect(checkWebhook({ event: "issues", payload: { action: "forgotten" } })).toMatchObject([
    { where: "issues-forgotten", message: "GitHub describes no such webhook" },
  ]);
});

test("a GraphQL query passes only with fields that GitHub has", () => {
  expect(checkGraphqlQuery("{ viewer { login } }")).toEqual([]);
  expect(checkGraphqlQuery("{ viewer { shoeSize } }")).toHaveLength(1);
});
