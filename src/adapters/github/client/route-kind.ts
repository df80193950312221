/**
 * The kind of a request, for counting: method and path with every variable part replaced. The first page of a list is
 * of one kind with the others, for which GitHub writes `/repositories/42/…` instead of `/repos/octo/hello/…`.
 */
export function routeKind(method: string, url: string): string {
  const path = new URL(url).pathname
    .replace(/^\/api\/v3(?=\/)/, "")
    .replace(/^\/api(?=\/graphql)/, "")
    .replace(/^\/(repos\/[^/]+\/[^/]+|repositories\/[^/]+)(?=\/|$)/, "/repos/:repo")
    .replace(/\/contents\/.*/, "/contents/:path")
    .split("/")
    .map(generalise)
    .join("/");
  return `${method} ${path}`;
}

/** Under these, whatever follows is the name of one thing. */
const NAMED_BY_PARENT: ReadonlySet<string> = new Set([
  "branches",
  "collaborators",
  "commits",
  "compare",
  "labels",
  "ref",
  "trees",
  "users",
  "workflows",
]);

function generalise(part: string, at: number, parts: readonly string[]): string {
  return /^\d+$/.test(part) || NAMED_BY_PARENT.has(parts[at - 1] ?? "") ? ":id" : part;
}
