import { err, ok, type Result } from "../../base/result.ts";
import { asObject, listAt, type JsonObject } from "./json.ts";

/**
 * A request without the tools that its vendor would run on machines of its own, with their names; or what it asks for
 * that cannot be taken out, as the subject of a sentence. Such a tool reads pages and talks to servers for the agent,
 * around whatever its own network is limited to.
 */
export type Confined = Result<{ readonly request: JsonObject; readonly withheld: readonly string[] }, string>;

/** `nameHosted` gives the name of a tool that the vendor would run, and null for one that the agent's program runs. */
export function withholdTools(request: JsonObject, nameHosted: (tool: unknown) => string | null): Confined {
  const tools = listAt(request, "tools");
  const local = tools.filter((tool) => nameHosted(tool) === null);
  const withheld = tools.flatMap((tool) => nameHosted(tool) ?? []);
  if (withheld.length === 0) return ok({ request, withheld });
  // A request for that tool alone has no use without it.
  if (local.length === 0) return err(describeTool(withheld[0] ?? ""));
  return ok({ request: { ...request, tools: local }, withheld });
}

export function describeTool(name: string): string {
  return `The vendor's own tool ${name.slice(0, 100)}`;
}

/** More levels than any message has. */
const MAX_DEPTH = 12;

/** Whether any object in a conversation is what `matches` looks for; what was given to a tool is only data. */
export function contains(value: unknown, matches: (object: JsonObject) => boolean, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.some((each) => contains(each, matches, depth + 1));
  const object = asObject(value);
  if (object === null) return false;
  if (matches(object)) return true;
  return Object.entries(object).some(
    ([name, member]) => !TOOL_DATA.has(name) && contains(member, matches, depth + 1),
  );
}

const TOOL_DATA: ReadonlySet<string> = new Set(["input", "args", "arguments", "response"]);

export const REMOTE_SOURCE = "A file that the vendor would fetch from an address";

/** An address, and not one that holds the data itself. */
export function isRemote(address: unknown): boolean {
  return typeof address === "string" && /^(?!data:)[a-z][a-z\d+.-]*:/i.test(address);
}

/** What costs more than the price table says. */
const PLAIN_TIERS: ReadonlySet<unknown> = new Set([
  undefined,
  null,
  "auto",
  "default",
  "standard_only",
  "flex",
]);

/** What of a request would cost more than the table's prices, as the subject of a sentence; null where nothing does. */
export function findSurcharge(request: JsonObject): string | null {
  if (!PLAIN_TIERS.has(request["service_tier"])) return "Another service tier";
  if (request["speed"] !== undefined && request["speed"] !== "standard") return "Another speed";
  return request["inference_geo"] === "us" ? "A choice of region" : null;
}
