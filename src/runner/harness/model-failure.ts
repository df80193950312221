import type { SessionError } from "../../contract/session-event.ts";
import { classifyFailure, isRetryable } from "./classify-failure.ts";

const MAX_WORDS_CHARACTERS = 500;

type Told = {
  /** Half a sentence, and the sentence that says what to do about it, where anybody can. */
  readonly what: string;
  readonly remedy?: string;
};

const TOLD: { readonly [Class in SessionError["class"]]: Told } = {
  auth: {
    what: "The model's provider does not accept the key",
    remedy: "Give the agent job's step a key that is valid for this model.",
  },
  billing: {
    what: "The model's provider wants its bill settled first",
    remedy: "Look at the account that the key belongs to.",
  },
  rate_limit: { what: "The model's provider limits how much it is asked" },
  overloaded: { what: "The model's provider is overloaded" },
  server: { what: "The model's provider has a failure of its own" },
  context: {
    what: "The session has become too long for the model",
    remedy: "Split the task, or name a model with a larger context.",
  },
  model_not_found: {
    what: "The model's provider has no such model for this key",
    remedy: "Name another in the policy.",
  },
  network: { what: "The connection to the model's provider broke" },
  sandbox: { what: "The sandbox kept the agent from its model" },
  config: { what: "The agent's program is not set up right" },
  budget: { what: "The attempt's budget is used up" },
  turns: { what: "The attempt's limit of turns is used up" },
  unknown: { what: "The agent's program ended with an error" },
};

/**
 * What a person reads when a model could not be asked: whose failure it is, the provider's words, and what to do. Whoever
 * knows the class by more than status and words names it.
 */
export function modelFailure(
  httpStatus: number | null,
  words: string,
  named: SessionError["class"] | null = null,
): SessionError {
  const failure =
    named === null
      ? classifyFailure(httpStatus, words)
      : { class: named, httpStatus, retryable: isRetryable(named) };
  const { what, remedy } = TOLD[failure.class];
  const said = [httpStatus === null ? "" : `HTTP ${httpStatus}`, shorten(words)].filter(
    (part) => part !== "",
  );
  const quoted = said.length === 0 ? "" : ` (${said.join(": ")})`;
  return { ...failure, message: `${what}${quoted}.${remedy === undefined ? "" : ` ${remedy}`}` };
}

function shorten(words: string): string {
  const line = words.replace(/\s+/g, " ").trim().replace(/\.$/, "");
  return line.length > MAX_WORDS_CHARACTERS ? `${line.slice(0, MAX_WORDS_CHARACTERS)}…` : line;
}
