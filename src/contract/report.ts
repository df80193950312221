import { z } from "zod";
import { PlanDocument } from "./briefing.ts";
import { Failure } from "./failure.ts";
import { Usage } from "./usage.ts";

/** A report is at most this many bytes of JSON; a larger one is refused whole. */
export const MAX_REPORT_BYTES = 256 * 1024;

/** A git bundle is at most this many bytes. */
export const MAX_BUNDLE_BYTES = 20 * 1024 * 1024;

/** All that an attempt gives back. Strict: an agent that writes something else is told so, not half understood. */
export const Report = z.discriminatedUnion("outcome", [
  z.strictObject({
    outcome: z.literal("done"),
    summary: z.string().min(1).max(10_000),
    /** Required of the plan stage, absent elsewhere. */
    plan: PlanDocument.optional(),
    /** Required of the review stage, absent elsewhere. */
    verdict: z.enum(["approve", "request-changes"]).optional(),
    /** SHA-256 (hex) of the git bundle that was uploaded; absent when nothing was changed. */
    bundle: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    usage: Usage.optional(),
  }),
  z.strictObject({ outcome: z.literal("failed"), failure: Failure, usage: Usage.optional() }),
  z.strictObject({
    outcome: z.literal("question"),
    question: z.string().min(1).max(10_000),
    usage: Usage.optional(),
  }),
  z.strictObject({ outcome: z.literal("cancelled"), usage: Usage.optional() }),
]);
export type Report = z.infer<typeof Report>;
