import type { Capability } from "../../src/contract/harness/capabilities.ts";

/** What every harness is tried on with its real program, in the order of docs/conformance.md. */
export const CASES = {
  "happy path": { what: "reads, edits, runs a test, and hands over its result with what it used" },
  resume: { what: "goes on with a session on another machine, and counts only what is new", needs: "resume" },
  "turn limit": { what: "stops after its turns, and says so", needs: "turns" },
  "budget limit": { what: "asks nothing more once its budget is used up", needs: "budget" },
  "structured output": { what: "gives its result by a schema, without a file", needs: "schema" },
  "MCP server": { what: "uses a tool of a server that the policy names", needs: "mcp" },
  "denied permission": { what: "cannot do what its role has no tools for, and goes on" },
  "HTTP 401": { what: "the key is refused: ends with a remedy, and is not tried again" },
  "HTTP 429": { what: "the provider limits requests: ends, and may be tried again" },
  "HTTP 500": { what: "the provider fails: ends, and may be tried again" },
  overloaded: { what: "the provider is overloaded: ends, and may be tried again" },
  "cut stream": { what: "the model's answers break off: ends, and may be tried again" },
  hang: { what: "the model never answers: ends soon after it is stopped" },
  SIGINT: { what: "is cancelled in the middle of a tool: ends with all that it started" },
  SIGTERM: { what: "is killed by somebody else: what it left unsaid is no success" },
  "planted configuration": { what: "nothing in the checkout is executed, obeyed or sent the key" },
  "missing program": { what: "says what to install, in one sentence" },
  "wrong version": { what: "says which version is there and which is wanted, in one sentence" },
  "unknown model": { what: "ends with a remedy, and is not tried again" },
} as const satisfies Readonly<Record<string, { readonly what: string; readonly needs?: Capability }>>;

export type CaseName = keyof typeof CASES;

/** Null for what every harness can do. */
export function capabilityFor(name: CaseName): Capability | null {
  const given: { readonly what: string; readonly needs?: Capability } = CASES[name];
  return given.needs ?? null;
}
