import type { ToolNames } from "../describe-call.ts";

export const OPENCODE_TOOLS: ToolNames = {
  kinds: {
    read: "read",
    write: "edit",
    edit: "edit",
    apply_patch: "edit",
    bash: "execute",
    glob: "search",
    grep: "search",
    list: "search",
    webfetch: "fetch",
    websearch: "fetch",
    todowrite: "think",
  },
  telling: ["command", "filePath", "pattern", "path", "description"],
  paths: ["filePath", "path"],
};
