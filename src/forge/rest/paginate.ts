import type { ForgeRequest } from "../forge-context.ts";
import type { Hub } from "../hub/hub.ts";

const defaultPageSize = 30;
const largestPageSize = 100;

/** The page that `page` and `per_page` ask for; sets the `Link` header that points to the others. */
export function paginate<T>(c: ForgeRequest, hub: Hub, items: readonly T[]): T[] {
  const size = Math.min(positive(c.req.query("per_page")) ?? defaultPageSize, largestPageSize);
  const page = positive(c.req.query("page")) ?? 1;
  const last = Math.max(1, Math.ceil(items.length / size));
  const links: string[] = [];
  const link = (target: number, relation: string): void => {
    const url = new URL(c.req.url);
    url.searchParams.set("page", String(target));
    links.push(`<${hub.url}${url.pathname}${url.search}>; rel="${relation}"`);
  };
  if (page > 1) link(page - 1, "prev");
  if (page < last) {
    link(page + 1, "next");
    link(last, "last");
  }
  if (page > 1) link(1, "first");
  if (links.length > 0) c.header("link", links.join(", "));
  return items.slice((page - 1) * size, page * size);
}

/** The same for lists that move while they are read: the cursor names the last item of the page before. */
export function paginateByCursor<T extends { id: number }>(
  c: ForgeRequest,
  hub: Hub,
  newestFirst: readonly T[],
): T[] {
  const size = Math.min(positive(c.req.query("per_page")) ?? defaultPageSize, largestPageSize);
  const cursor = c.req.query("cursor");
  const last = cursor === undefined ? undefined : Number(cursor.replace(/^v1_/, ""));
  const rest = last === undefined ? newestFirst : newestFirst.filter(({ id }) => id < last);
  const page = rest.slice(0, size);
  const final = page.at(-1);
  if (final !== undefined && rest.length > size) {
    const url = new URL(c.req.url);
    url.searchParams.set("cursor", `v1_${final.id}`);
    c.header("link", `<${hub.url}${url.pathname}${url.search}>; rel="next"`);
  }
  return page;
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}
