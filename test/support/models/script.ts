/**
 * What a scripted model does, in the words of what an agent should do: each wire protocol and each agent program has
 * its own way to say so.
 */
export type Reply = {
  readonly think?: string;
  readonly say?: string;
  /** Tools that the agent should use, all at once; without any, its turn ends with the reply. */
  readonly use?: readonly Wish[];
  /** What the agent gives back by the schema that it was given. */
  readonly answer?: Readonly<Record<string, unknown>>;
  readonly usage?: Partial<ReplyUsage>;
};

/** What an agent should do with a tool. Paths are relative to the work tree. */
type Wish =
  | { readonly write: string; readonly content: string }
  | { readonly read: string }
  | { readonly shell: string }
  /** A tool of an MCP server. */
  | { readonly mcp: string; readonly tool: string; readonly input: Readonly<Record<string, unknown>> };

/** Tokens of one reply; the input is what was neither read from a cache nor written to one. */
export type ReplyUsage = {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** What was spent on thinking included. */
  readonly output: number;
  readonly reasoning: number;
};

export const DEFAULT_REPLY_USAGE: ReplyUsage = {
  input: 100,
  cacheRead: 0,
  cacheWrite: 0,
  output: 20,
  reasoning: 0,
};

/** What goes wrong instead of a reply, as the vendor would have it. */
export type Failure =
  | "unauthorized"
  | "no-credit"
  | "rate-limited"
  | "server-error"
  | "overloaded"
  | "unknown-model"
  | "context-too-long"
  /** The stream ends in the middle, without a word. */
  | "cut-off"
  /** Nothing is answered, and the connection stays open. */
  | "hang";

/** A reply, or a failure: so many times, or from now on. */
export type Step = Reply | { readonly fail: Failure; readonly times?: number };

/** How an agent program's tools are called, so that it does what is wished. */
export type Vocabulary = (
  wish: Wish,
  place: { readonly workTree: string; readonly offered: readonly string[] },
) => {
  readonly name: string;
  /** What the tool belongs to, where names are not told whole. */
  readonly namespace?: string;
  /** A text for tools that take anything but JSON. */
  readonly input: Readonly<Record<string, unknown>> | string;
};
