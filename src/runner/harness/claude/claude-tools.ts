import { z } from "zod";
import type { SessionEvent } from "../../../contract/session-event.ts";
import type { Json } from "../harness.ts";

type ToolCall = Extract<SessionEvent, { type: "tool_call" }>;

const KINDS: { readonly [name: string]: ToolCall["kind"] } = {
  Bash: "execute",
  Edit: "edit",
  Glob: "search",
  Grep: "search",
  NotebookEdit: "edit",
  Read: "read",
  WebFetch: "fetch",
  WebSearch: "fetch",
  Write: "edit",
};

export function kindOf(name: string): ToolCall["kind"] {
  return Object.hasOwn(KINDS, name) ? (KINDS[name] ?? "other") : "other";
}

const Told = z
  .object({
    file_path: z.string().optional().catch(undefined),
    notebook_path: z.string().optional().catch(undefined),
    path: z.string().optional().catch(undefined),
    command: z.string().optional().catch(undefined),
    pattern: z.string().optional().catch(undefined),
  })
  .catch({});

/** What a person reads of a call, and the paths that it is about. */
export function describeCall(name: string, input: Json): Pick<ToolCall, "title" | "locations"> {
  const told = Told.parse(input);
  const path = told.file_path ?? told.notebook_path ?? told.path;
  const what = told.command ?? told.pattern ?? path;
  return {
    title: what === undefined ? name : `${name} ${what}`,
    locations: path === undefined ? [] : [path],
  };
}

/** Which of the program's tools each kind of tool is, that a role may ask for. */
const TOOLS_OF_KIND: { readonly [kind: string]: readonly string[] } = {
  read: ["Read"],
  search: ["Grep", "Glob"],
  edit: ["Edit", "Write", "NotebookEdit"],
  execute: ["Bash"],
};

/** The tools of a role; all of them where it does not say. */
export function toolsOf(kinds: readonly string[]): readonly string[] {
  const wanted = kinds.length === 0 ? Object.keys(TOOLS_OF_KIND) : kinds;
  return wanted.flatMap((kind) => TOOLS_OF_KIND[kind] ?? []);
}
