import type { ToolNames } from "../describe-call.ts";

export const GEMINI_TOOLS: ToolNames = {
  kinds: {
    read_file: "read",
    read_many_files: "read",
    write_file: "edit",
    replace: "edit",
    run_shell_command: "execute",
    list_directory: "search",
    glob: "search",
    grep_search: "search",
    web_fetch: "fetch",
    google_web_search: "fetch",
    write_todos: "think",
    update_topic: "think",
  },
  telling: ["command", "file_path", "dir_path", "pattern", "query"],
  paths: ["file_path", "dir_path"],
};
