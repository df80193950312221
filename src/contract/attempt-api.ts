import { z } from "zod";
import { Briefing } from "./briefing.ts";
import { Failure } from "./failure.ts";
import { SequencedSessionEvent } from "./session-event.ts";

/**
 * The HTTP API between the runner in Actions and the server, under `/api/v1`. JSON both ways, `authorization: Bearer`
 * with the Actions OIDC token (audience: the server's public URL) for the two exchanges, with the lease or delivery
 * token after that. Errors are `{ error: { code, message } }` with one sentence for the run's log.
 *
 * POST /attempts/:attempt/lease          OIDC        → LeaseResponse          409 lease-taken
 * POST /attempts/:attempt/heartbeat      lease token   HeartbeatRequest → HeartbeatResponse
 * PUT  /attempts/:attempt/snapshot       lease token   octets → 204           413
 * GET  /attempts/:attempt/snapshot       lease token → octets                 404 nothing to go on with
 * PUT  /attempts/:attempt/bundle         lease token   octets → 204           413
 * POST /attempts/:attempt/report         lease token   Report → ReportResponse
 * POST /attempts/:attempt/delivery       OIDC (claim `environment: baton-deliver`) → DeliveryResponse
 * GET  /attempts/:attempt/bundle         delivery token → octets
 * POST /attempts/:attempt/delivery/result  delivery token  DeliveryResult → 204
 * POST /attempts/:attempt/verification   OIDC (claim `environment: baton-verify`) → VerificationResponse
 * POST /attempts/:attempt/verification/result  verification token  VerificationResult → 204
 *
 * Every call may come twice, since an answer can be lost on its way: the second one is answered like the first.
 */
export const API_PREFIX = "/api/v1";

/** The trailer of a delivered commit that names its attempt. */
export const ATTEMPT_TRAILER = "Baton-Attempt";

/** The Actions environment of the deliver job: the agent's job cannot get a token that claims it. */
export const DELIVER_ENVIRONMENT = "baton-deliver";

/** The Actions environment of the verify job, so that an agent cannot vouch for its own work. */
export const VERIFY_ENVIRONMENT = "baton-verify";

export const LeaseResponse = z.object({
  token: z.string(),
  briefing: Briefing,
  /** The attempt whose snapshot there is to go on with. */
  snapshot: z.string().nullable().default(null),
});
export type LeaseResponse = z.infer<typeof LeaseResponse>;

export const HeartbeatRequest = z.strictObject({ events: z.array(SequencedSessionEvent).max(1_000) });
export type HeartbeatRequest = z.infer<typeof HeartbeatRequest>;

export const HeartbeatResponse = z.object({
  directive: z.enum(["continue", "cancel"]),
  /** One sentence for the log when the directive is to stop. */
  why: z.string().nullable(),
});
export type HeartbeatResponse = z.infer<typeof HeartbeatResponse>;

/** Whether the deliver job has something to do: the agent job passes it on as its output. */
export const ReportResponse = z.object({ deliver: z.boolean() });
export type ReportResponse = z.infer<typeof ReportResponse>;

export const DeliveryResponse = z.object({
  /** For the bundle and the result. */
  token: z.string(),
  /** Installation token for the push: this repository, `contents: write`. */
  pushToken: z.string(),
  briefing: Briefing,
  bundleSha256: z.string(),
  /** What the commit's author, co-author trailers and subject are made of. */
  commit: z.object({
    authorName: z.string(),
    authorEmail: z.string(),
    coAuthorName: z.string(),
    coAuthorEmail: z.string(),
    subject: z.string(),
  }),
});
export type DeliveryResponse = z.infer<typeof DeliveryResponse>;

export const DeliveryResult = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("pushed"), headSha: z.string().regex(/^[0-9a-f]{40}$/) }),
  z.strictObject({ outcome: z.literal("refused"), failure: Failure }),
]);
export type DeliveryResult = z.infer<typeof DeliveryResult>;

export const VerificationResponse = z.object({
  /** For the result. */
  token: z.string(),
  briefing: Briefing,
  /** The branch's head: what is checked out and verified. */
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  /** Shell command of the policy's `verify`. */
  command: z.string(),
  timeoutMs: z.number().int(),
});
export type VerificationResponse = z.infer<typeof VerificationResponse>;

/**
 * What the verify command said of a commit. It is reported here because the check of a `workflow_dispatch` run
 * attaches to the default branch's head, not to the commit that was verified.
 */
export const VerificationResult = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("passed"), sha: z.string().regex(/^[0-9a-f]{40}$/) }),
  z.strictObject({
    outcome: z.literal("failed"),
    sha: z.string().regex(/^[0-9a-f]{40}$/),
    failure: Failure,
  }),
]);
export type VerificationResult = z.infer<typeof VerificationResult>;

export const ApiError = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
export type ApiError = z.infer<typeof ApiError>;
