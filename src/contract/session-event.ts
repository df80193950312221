import { z } from "zod";
import { ERROR_CLASSES } from "../core/task/error-class.ts";
import { Usage } from "./usage.ts";

/** Why a session failed, for whoever decides whether trying again can help. */
const SessionError = z.object({
  class: z.enum(ERROR_CLASSES),
  httpStatus: z.number().int().nullable().default(null),
  message: z.string(),
  retryable: z.boolean(),
});
export type SessionError = z.infer<typeof SessionError>;

/** What held a session, as its runner tried it before. */
const SessionSandbox = z.object({
  /**
   * `full`: it had processes, files and a network of its own. `process`: nothing that it started could outlive it.
   * `none`: its limits were counted, and that was all.
   */
  level: z.enum(["full", "process", "none"]),
  /** The same as one line for a person, with why it was not more. */
  summary: z.string(),
  /** What it could reach beside its model; null where nothing kept it from any host. */
  hosts: z.array(z.string()).nullable(),
  limits: z.object({
    memoryBytes: z.number().int(),
    maxProcesses: z.number().int(),
    diskBytes: z.number().int(),
    maxFileBytes: z.number().int(),
    outputBytes: z.number().int(),
    cpuMs: z.number().int(),
  }),
});
export type SessionSandbox = z.infer<typeof SessionSandbox>;

/**
 * What an agent's session shows while it runs, the same for every harness: one JSON line each, in order. The words are
 * those of the Agent Client Protocol, for usage those of OpenTelemetry. What has a default was not told by sessions
 * that were stored before it was asked for.
 */
export const SessionEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("run.started"),
    harness: z.string(),
    harnessVersion: z.string().nullable().default(null),
    sessionId: z.string().nullable().default(null),
    model: z.string().nullable(),
    sandbox: SessionSandbox.nullable().default(null),
  }),
  z.object({
    type: z.literal("message"),
    role: z.enum(["assistant", "user"]),
    text: z.string(),
    messageId: z.string().nullable().default(null),
  }),
  z.object({ type: z.literal("thought"), text: z.string() }),
  z.object({
    type: z.literal("tool_call"),
    id: z.string(),
    name: z.string(),
    kind: z
      .enum(["read", "edit", "delete", "move", "search", "execute", "think", "fetch", "other"])
      .default("other"),
    title: z.string(),
    input: z.json().default(null),
    /** Paths that it is about. */
    locations: z.array(z.string()).default([]),
  }),
  z.object({
    type: z.literal("tool_result"),
    id: z.string(),
    status: z.enum(["completed", "failed", "denied"]),
    output: z.string(),
    exitCode: z.number().int().nullable(),
    /** What it changed, as a unified diff. */
    diff: z.string().nullable().default(null),
  }),
  /** What one request to a model used. */
  z.object({ type: z.literal("usage"), usage: Usage }),
  z.object({
    type: z.literal("retry"),
    attempt: z.number().int().min(1),
    max: z.number().int().nullable(),
    /** Null where the agent's program does not say. */
    delayMs: z.number().int().min(0).nullable(),
    httpStatus: z.number().int().nullable(),
  }),
  z.object({ type: z.literal("notice"), level: z.enum(["info", "warning", "error"]), text: z.string() }),
  z.object({
    type: z.literal("run.finished"),
    /** `truncated`: the agent's program ended without saying how, whatever its exit code. */
    status: z.enum(["ok", "error", "cancelled", "truncated"]),
    stopReason: z
      .enum(["end_turn", "max_tokens", "max_turn_requests", "refusal", "cancelled", "budget", "error"])
      .nullable()
      .default(null),
    error: SessionError.nullable().default(null),
    resultText: z.string().nullable().default(null),
    /** What the agent gave back by a schema. */
    structuredOutput: z.json().default(null),
    usageTotal: Usage.nullable().default(null),
    /** What the model proxy counted on the wire, beside what the agent's program says. */
    wireUsage: Usage.nullable().default(null),
    /** By our price table where it knows the model, else by the agent's program. */
    costMicroUsd: z.number().int().min(0).nullable().default(null),
    costSource: z.enum(["ours", "cli", "none"]).default("none"),
    modelRequests: z.number().int().nullable().default(null),
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable().default(null),
    durationMs: z.number().int(),
    permissionDenials: z.array(z.string()).default([]),
  }),
  /** A line of the agent's program that is no other event, or not one that we know. */
  z.object({ type: z.literal("raw"), line: z.string() }),
]);
export type SessionEvent = z.infer<typeof SessionEvent>;

/** A newer runner shows what this server does not know: it is kept, not refused. */
const UnknownEvent = z
  .looseObject({ type: z.string() })
  .transform((event): SessionEvent => ({ type: "raw", line: JSON.stringify(event) }));

/** A session event with its place and time, as stored and streamed. */
export const SequencedSessionEvent = z.object({
  sequence: z.number().int().min(1),
  at: z.iso.datetime(),
  event: z.union([SessionEvent, UnknownEvent]),
});
export type SequencedSessionEvent = z.infer<typeof SequencedSessionEvent>;
