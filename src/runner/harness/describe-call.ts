import type { SessionEvent } from "../../contract/session-event.ts";

type ToolCall = Extract<SessionEvent, { type: "tool_call" }>;

export type ToolNames = {
  readonly kinds: { readonly [name: string]: ToolCall["kind"] };
  /** Parameters that say in short what a call is about, the most telling one first. */
  readonly telling: readonly string[];
  /** Parameters that are paths. */
  readonly paths: readonly string[];
};

/** What a call of an agent program's tool is, for people to read. */
export function describeCall(
  { kinds, telling, paths }: ToolNames,
  name: string,
  input: Readonly<Record<string, unknown>>,
): Pick<ToolCall, "kind" | "title" | "locations"> {
  const textAt = (key: string): string | null => {
    const value = Object.hasOwn(input, key) ? input[key] : null;
    return typeof value === "string" ? value : null;
  };
  const kind = (Object.hasOwn(kinds, name) ? kinds[name] : undefined) ?? "other";
  const about = telling.map(textAt).find((text) => text !== null) ?? "";
  return {
    kind,
    title: kind === "execute" && about !== "" ? about : `${name} ${about}`.trim(),
    locations: paths.map(textAt).filter((path) => path !== null),
  };
}
