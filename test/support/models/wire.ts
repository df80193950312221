import type { ModelProtocol } from "../../../src/contract/harness/harness-pins.ts";
import type { Failure, Reply, ReplyUsage, Vocabulary } from "./script.ts";

/** A request as it came; the body is parsed where it is JSON, else null. */
export type ModelRequest = {
  /** When it had come whole, by `performance.now()`. */
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
};

/** What a request asks of a model. */
export type Asked = {
  readonly model: string;
  readonly key: string | null;
  /** Names of the tools that the model may use. */
  readonly tools: readonly string[];
  readonly isStreamed: boolean;
};

export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
};

/** A reply with nothing left open: the calls have the agent program's own names. */
export type SpokenReply = Pick<Reply, "think" | "say" | "answer"> & {
  readonly calls: readonly (ReturnType<Vocabulary> & { readonly id: string })[];
  readonly usage: ReplyUsage;
  /** Counts the replies of this model, from 1. */
  readonly number: number;
};

/** How one vendor's protocol says what a script says. */
export type Wire = {
  readonly protocol: ModelProtocol;
  /** Null when the request is not for a reply of a model. */
  readonly ask: (request: ModelRequest) => Asked | null;
  /** What else is asked there, such as whether it is there at all; null: 404. */
  readonly answerOther: (request: ModelRequest) => Answer | null;
  /** The parts of a stream of server-sent events, or the one part of what is not streamed. */
  readonly speak: (reply: SpokenReply, asked: Asked) => readonly string[];
  readonly fail: (failure: Exclude<Failure, "cut-off" | "hang">, asked: Asked) => Answer;
};
