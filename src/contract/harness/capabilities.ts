import type { HarnessName } from "./harness-name.ts";

/** What a policy can ask of a harness, or a person can expect of it, and not every one can do. */
export const CAPABILITY_NAMES = [
  /** Goes on with a session that another runner began. */
  "resume",
  /** Stops when it has cost as much as it may: the model proxy counts, where the harness does not. */
  "budget",
  /** Stops after a number of turns. */
  "turns",
  /** Gives its answer in a form that was asked for, besides the file at `$BATON_RESULT`. */
  "schema",
  /** Uses servers of the Model Context Protocol. */
  "mcp",
  /** Says what its session cost, by its own prices. */
  "cost",
  /** Shows what its model thinks. */
  "thinking",
  /** Reads images. */
  "images",
] as const;
export type Capability = (typeof CAPABILITY_NAMES)[number];

/** What each harness can do at its pinned version: test/conformance tries it on the real programs. */
export const CAPABILITIES: { readonly [Name in HarnessName]: ReadonlySet<Capability> } = {
  claude: new Set(["resume", "budget", "turns", "schema", "mcp", "cost", "thinking", "images"]),
  codex: new Set(["resume", "budget", "schema", "mcp", "thinking", "images"]),
  gemini: new Set(["resume", "budget", "turns", "mcp", "images"]),
  opencode: new Set(["resume", "budget", "mcp", "cost", "thinking", "images"]),
  acp: new Set(["mcp", "thinking"]),
  command: new Set<Capability>(),
  recording: new Set<Capability>(),
};

/** The harnesses that can do it, in the order in which they are named everywhere. */
export function harnessesWith(capability: Capability): readonly HarnessName[] {
  const names = Object.keys(CAPABILITIES) as HarnessName[];
  return names.filter((name) => CAPABILITIES[name].has(capability));
}
