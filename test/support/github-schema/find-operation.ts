import { loadRestDescription, type Operation } from "./rest-description.ts";

export const restDescription = loadRestDescription();

export interface Route {
  method: string;
  /** Path with `{parameters}`. */
  template: string;
  operation: Operation;
}

/** Paths and references may hold slashes although no template says so. */
const mayHoldSlashes = new Set(["path", "ref", "basehead"]);

const routes = Object.entries(restDescription.paths)
  .flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      template,
      operation,
      pattern: templatePattern(template),
    })),
  )
  // Literal segments win over parameters: `/issues/comments` is no issue's number, and a longer address over one whose
  // last parameter could swallow its end: `/commits/{ref}/status` is no commit.
  .sort(
    (a, b) =>
      parameterCount(a.template) - parameterCount(b.template) ||
      b.template.split("/").length - a.template.split("/").length,
  );

function templatePattern(template: string): RegExp {
  const source = template
    .replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => (mayHoldSlashes.has(name) ? "(.*)" : "([^/]+)"));
  return new RegExp(`^${source}$`);
}

function parameterCount(template: string): number {
  return template.split("{").length;
}

export function findOperation(method: string, pathname: string): Route | undefined {
  const wanted = method === "HEAD" ? "GET" : method;
  return routes.find((route) => route.method === wanted && route.pattern.test(pathname));
}
