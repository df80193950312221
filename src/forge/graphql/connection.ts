import { UnsupportedField } from "./graphql-refusal.ts";

export interface ConnectionArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
  readonly [other: string]: unknown;
}

const paging = new Set(["first", "after", "last", "before"]);

/** A list in the order of creation, as GitHub pages it: cursors are opaque and stand for a position. */
export function connection<T>(items: readonly T[], args: ConnectionArguments) {
  for (const [name, value] of Object.entries(args)) {
    if (value == null || paging.has(name) || (name === "orderBy" && isCreationOrder(value))) continue;
    throw new UnsupportedField(`the GraphQL argument ${name} here`);
  }
  const start = args.after == null ? 0 : positionOf(args.after) + 1;
  const end = args.before == null ? items.length : positionOf(args.before);
  let [from, to] = [start, end];
  if (args.first != null) to = Math.min(to, from + args.first);
  if (args.last != null) from = Math.max(from, to - args.last);
  const nodes = items.slice(from, to);
  return {
    totalCount: items.length,
    nodes,
    edges: nodes.map((node, index) => ({ node, cursor: cursorOf(from + index) })),
    pageInfo: {
      hasNextPage: to < items.length,
      hasPreviousPage: from > 0,
      startCursor: nodes.length === 0 ? null : cursorOf(from),
      endCursor: nodes.length === 0 ? null : cursorOf(to - 1),
    },
  };
}

/** The default that GitHub's schema gives some lists. */
function isCreationOrder(order: unknown): boolean {
  const { field, direction } = order as { field?: unknown; direction?: unknown };
  return field === "CREATED_AT" && direction === "ASC";
}

function cursorOf(position: number): string {
  return Buffer.from(`cursor:${position}`).toString("base64");
}

function positionOf(cursor: string): number {
  return Number(Buffer.from(cursor, "base64").toString("utf8").replace("cursor:", ""));
}
