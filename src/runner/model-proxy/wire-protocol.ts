import type { IncomingHttpHeaders } from "node:http";
import type { Confined } from "./confine-request.ts";
import type { JsonObject } from "./json.ts";
import type { TokenCount } from "./token-count.ts";

/** What a request is for; anything that no protocol needs has no route. `path` is put behind the upstream's address. */
export type Route =
  /** A program looks whether somebody is there: answered here, with or without a key. */
  | { readonly kind: "greeting" }
  /** Costs nothing: lists of models, token counts. */
  | { readonly kind: "lookup"; readonly path: string }
  /** Costs tokens. `model` is what the path names. */
  | { readonly kind: "generation"; readonly path: string; readonly model: string | null };

/** What a message of an answer says about tokens: what it does not say, an earlier one may have said. */
export type Observation = {
  readonly model: string | null;
  readonly tokens: Partial<TokenCount>;
  /** The figures are those of the whole answer. */
  readonly isFinal: boolean;
};

export type RefusalReason =
  | "no-route"
  | "wrong-key"
  | "malformed"
  | "too-large"
  | "model"
  | "not-allowed"
  | "budget"
  | "unreachable"
  | "busy";

/** Why the proxy itself answers; the message is one sentence. */
export type Refusal = { readonly reason: RefusalReason; readonly message: string };

export type RenderedRefusal = { readonly status: number; readonly body: JsonObject };

/** How one vendor's API is spoken. All of it is pure. */
export type WireProtocol = {
  readonly route: (method: string, path: string) => Route | null;
  /** Keys that a request comes with. */
  readonly keysOf: (headers: IncomingHttpHeaders, query: URLSearchParams) => readonly string[];
  /** The header that carries the real key. */
  readonly authorization: (key: string, kind: KeyKind) => Readonly<Record<string, string>>;
  /** In the vendor's own form, so that its programs understand and do not try again in vain. */
  readonly renderRefusal: (refusal: Refusal) => RenderedRefusal;
  /** Reads one event of a stream, or the only message of an answer that is none; null where it says nothing of tokens. */
  readonly observe: (message: unknown) => Observation | null;
  /** The most tokens that one answer to this request may have; null where it does not say. */
  readonly mostOutput: (request: JsonObject) => number | null;
  /** Takes out what the vendor would do for the agent beyond answering it. */
  readonly confine: (request: JsonObject) => Confined;
  /** What has to be in a request for its answer to say what it used. */
  readonly askForUsage: (request: JsonObject) => JsonObject;
};

/** Gateways take a token where the vendor takes a key. */
export type KeyKind = "api-key" | "bearer-token";

/** The part of `Authorization: Bearer …` that is the key. */
export function bearerKeys({ authorization }: IncomingHttpHeaders): readonly string[] {
  const key = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  return key === undefined ? [] : [key];
}

/** The statuses are those that no vendor's program asks again for, but for what another try may mend. */
export const REFUSAL_STATUS: { readonly [Reason in RefusalReason]: number } = {
  "no-route": 404,
  "wrong-key": 401,
  malformed: 400,
  "too-large": 413,
  model: 404,
  "not-allowed": 403,
  budget: 402,
  unreachable: 502,
  busy: 503,
};
