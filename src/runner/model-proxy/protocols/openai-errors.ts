import { REFUSAL_STATUS, type Refusal, type RefusalReason, type RenderedRefusal } from "../wire-protocol.ts";

const ERRORS: { readonly [Reason in RefusalReason]: { readonly type: string; readonly code: string } } = {
  "no-route": { type: "invalid_request_error", code: "unknown_url" },
  "wrong-key": { type: "invalid_request_error", code: "invalid_api_key" },
  malformed: { type: "invalid_request_error", code: "invalid_request" },
  "too-large": { type: "invalid_request_error", code: "request_too_large" },
  model: { type: "invalid_request_error", code: "model_not_found" },
  "not-allowed": { type: "invalid_request_error", code: "not_allowed" },
  budget: { type: "insufficient_quota", code: "insufficient_quota" },
  unreachable: { type: "server_error", code: "upstream_unreachable" },
  busy: { type: "server_error", code: "server_overloaded" },
};

/** The form of OpenAI's errors, which all that speaks like OpenAI has taken over. */
export function renderOpenAiRefusal({ reason, message }: Refusal): RenderedRefusal {
  return { status: REFUSAL_STATUS[reason], body: { error: { message, param: null, ...ERRORS[reason] } } };
}
