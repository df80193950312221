import { describe, expect, test } from "vitest";

import { evaluateExpression, ExpressionProblem } from "./evaluate-expression.ts";
import { evaluateTemplate, interpolate, type Template } from "./interpolate.ts";

const contexts = {
  github: { ref: "refs/heads/main", event: { issue: { labels: [{ name: "a" }, { name: "b" }] } } },
  matrix: { version: 20, fast: true, none: null },
  env: {},
};

describe("expressions", () => {
  test.each<[string, unknown]>([
    ["github.ref == 'refs/heads/main'", true],
    ["GitHub.Ref", "refs/heads/main"],
    ["github.event.issue.labels.*.name", ["a", "b"]],
    ["contains(github.event.issue.labels.*.name, 'b')", true],
    ["matrix.version > 18 && 'new' || 'old'", "new"],
    ["github.missing.deep", null],
    ["'it''s ''quoted'' twice'", "it's 'quoted' twice"],
    ["fromJSON('{\"a\":[1,2]}').a[1]", 2],
    ["format('{0}-{1}', 'x', matrix.version)", "x-20"],
    ["toJSON(matrix.fast)", "true"],
    ["env.absent || 'default'", "default"],
  ])("%s", (source, expected) => {
    expect(evaluateExpression(source, { contexts })).toEqual(expected);
  });

  test.each(["nothing.here", "1 +", "unknown(1)", "contains('a')"])("%s is refused", (source) => {
    expect(() => evaluateExpression(source, { contexts })).toThrow(ExpressionProblem);
  });

  test("functions of the scope see and give plain values", () => {
    const functions = { hashFiles: (...patterns: unknown[]) => patterns.join("+") };
    expect(evaluateExpression("hashFiles('a', 'b')", { contexts, functions })).toBe("a+b");
  });
});

describe("templates", () => {
  test.each<[Template, string]>([
    ["plain", "plain"],
    ["v${{ matrix.version }}/${{ matrix.fast }}", "v20/true"],
    ["${{ '}}' }}!", "}}!"],
    ["${{ matrix.none }}|", "|"],
    ["${{ github.event }}", "Object"],
    ["open ${{ but not closed", "open ${{ but not closed"],
    [20, "20"],
    [true, "true"],
    [null, ""],
  ])("%j becomes the text %j", (template, expected) => {
    expect(interpolate(template, { contexts })).toBe(expected);
  });

  test("a string of one expression keeps its type; nested values are evaluated", () => {
    const template = { list: "${{ fromJSON('[1,2]') }}", nested: [{ "${{ 'key' }}": "${{ matrix.fast }}" }] };
    expect(evaluateTemplate(template, { contexts })).toEqual({ list: [1, 2], nested: [{ key: true }] });
  });
});
