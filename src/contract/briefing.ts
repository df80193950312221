import { z } from "zod";
import { Failure } from "./failure.ts";

export const StageName = z.enum(["plan", "test", "implement", "verify", "review"]);

export const PlanDocument = z.strictObject({
  text: z.string().min(1).max(60_000),
  paths: z.array(z.string().min(1).max(500)).max(200),
});
export type PlanDocument = z.infer<typeof PlanDocument>;

/** Parts of a briefing that people write. */
const WrittenPart = z.enum(["issue", "guidance"]);
export type WrittenPart = z.infer<typeof WrittenPart>;

/** All that an attempt is given, as one JSON document. Readers take unknown keys of a newer server in their stride. */
export const Briefing = z.object({
  version: z.literal(1),
  task: z.string(),
  attempt: z.string(),
  /** Which try of the stage this is, from 1. */
  attemptNumber: z.number().int().min(1),
  stage: StageName,
  role: z.object({
    name: z.string(),
    /** The role's instructions, Markdown without its front matter. */
    prompt: z.string(),
    /** Kinds of tools that the role needs, for harnesses that can withhold the others. */
    tools: z.array(z.string()).default([]),
  }),
  harness: z.object({
    name: z.enum(["command", "recording"]),
    model: z.string().nullable(),
    settings: z.record(z.string(), z.unknown()),
  }),
  repository: z.object({
    id: z.number().int(),
    owner: z.string(),
    name: z.string(),
    defaultBranch: z.string(),
  }),
  issue: z.object({ number: z.number().int(), title: z.string(), body: z.string() }),
  requester: z.string(),
  tier: z.enum(["low", "medium", "high"]),
  /** Where the work goes: `headSha` is null until something was pushed to `branch`. */
  branch: z.string(),
  baseSha: z.string(),
  headSha: z.string().nullable(),
  plan: PlanDocument.nullable(),
  pullRequest: z.number().int().nullable(),
  /** Why the last attempt did not succeed. */
  failure: Failure.nullable(),
  /** What a person asked for on top. */
  guidance: z.string().nullable(),
  /** Parts by people without write access, all of them where the server does not say. */
  untrusted: z.array(WrittenPart).default(WrittenPart.options),
  /** Those of them that the policy keeps from agents: they are empty. */
  withheld: z.array(WrittenPart).default([]),
  scope: z.object({
    deny: z.array(z.string()),
    tests: z.array(z.string()),
    maxFiles: z.number().int(),
    maxBytes: z.number().int(),
  }),
  verify: z.object({ command: z.string().nullable() }),
  timeoutMs: z.number().int(),
  heartbeatMs: z.number().int(),
});
export type Briefing = z.infer<typeof Briefing>;
