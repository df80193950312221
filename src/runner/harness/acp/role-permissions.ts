import { resolve } from "node:path";
import type { RequestPermissionRequest, RequestPermissionResponse } from "@agentclientprotocol/sdk";
import type { SessionEvent } from "../../../contract/session-event.ts";
import type { HarnessSession } from "../harness.ts";

type ToolKind = Extract<SessionEvent, { type: "tool_call" }>["kind"];

/** The kind of tools in a role (src/contract/role.ts) that a kind of call belongs to; null: no role has it. */
const TOOL_OF: { readonly [Kind in ToolKind]: string | null } = {
  read: "read",
  search: "search",
  edit: "edit",
  delete: "edit",
  move: "edit",
  execute: "execute",
  // Servers that the policy declares, and what agents do in their own minds.
  think: "",
  other: "",
  fetch: null,
};

/** What the role lets the agent do. A role that edits nothing still writes its result. */
export type RolePermissions = {
  readonly mayUse: (kind: ToolKind, locations: readonly string[]) => boolean;
};

export function rolePermissions({
  briefing,
  resultFile,
}: Pick<HarnessSession, "briefing" | "resultFile">): RolePermissions {
  const { tools } = briefing.role;
  return {
    mayUse: (kind, locations) => {
      const tool = TOOL_OF[kind];
      if (tool === null) return false;
      if (tool === "" || tools.length === 0 || tools.includes(tool)) return true;
      return (
        kind === "edit" && locations.length > 0 && locations.every((path) => resolve(path) === resultFile)
      );
    },
  };
}

/** The agent's question answered for once, so that it asks the next time too. */
export function answerPermission(
  { options }: Pick<RequestPermissionRequest, "options">,
  isAllowed: boolean,
): RequestPermissionResponse {
  const wanted = isAllowed
    ? (["allow_once", "allow_always"] as const)
    : (["reject_once", "reject_always"] as const);
  for (const kind of wanted) {
    const option = options.find((each) => each.kind === kind);
    if (option !== undefined) return { outcome: { outcome: "selected", optionId: option.optionId } };
  }
  return { outcome: { outcome: "cancelled" } };
}
