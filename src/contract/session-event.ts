import { z } from "zod";

/** What an agent's session shows while it runs: one JSON line each, in order. */
export const SessionEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("run.started"), harness: z.string(), model: z.string().nullable() }),
  z.object({ type: z.literal("message"), role: z.enum(["assistant", "user"]), text: z.string() }),
  z.object({ type: z.literal("tool_call"), id: z.string(), name: z.string(), title: z.string() }),
  z.object({
    type: z.literal("tool_result"),
    id: z.string(),
    status: z.enum(["completed", "failed", "denied"]),
    output: z.string(),
    exitCode: z.number().int().nullable(),
  }),
  z.object({ type: z.literal("notice"), level: z.enum(["info", "warning", "error"]), text: z.string() }),
  z.object({
    type: z.literal("run.finished"),
    status: z.enum(["ok", "error", "cancelled", "truncated"]),
    exitCode: z.number().int().nullable(),
    durationMs: z.number().int(),
  }),
]);
export type SessionEvent = z.infer<typeof SessionEvent>;

/** A session event with its place and time, as stored and streamed. */
export const SequencedSessionEvent = z.object({
  sequence: z.number().int().min(1),
  at: z.iso.datetime(),
  event: SessionEvent,
});
export type SequencedSessionEvent = z.infer<typeof SequencedSessionEvent>;
