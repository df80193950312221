import type { ForgeRequest } from "../../forge-context.ts";

/** The forms in which GitHub gives commits, comparisons and pull requests, by the `Accept` header. */
export function mediaType(c: ForgeRequest): "json" | "diff" | "patch" | "sha" {
  const accept = c.req.header("accept") ?? "";
  const [, form] = /application\/vnd\.github\.(?:v3\.)?(diff|patch|sha)\b/.exec(accept) ?? [];
  return form === "diff" || form === "patch" || form === "sha" ? form : "json";
}
