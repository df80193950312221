import { z } from "zod";
import { Failure } from "./failure.ts";
import { HarnessName } from "./harness/harness-name.ts";

export const StageName = z.enum(["plan", "test", "implement", "verify", "review"]);

export const PlanDocument = z.strictObject({
  text: z.string().min(1).max(60_000),
  paths: z.array(z.string().min(1).max(500)).max(200),
});
export type PlanDocument = z.infer<typeof PlanDocument>;

/** Parts of a briefing that people write. */
const WrittenPart = z.enum(["issue", "guidance"]);
export type WrittenPart = z.infer<typeof WrittenPart>;

/** What an agent can read up on when it needs it. */
const Skill = z.object({
  name: z.string(),
  description: z.string(),
  /** Paths within the skill's folder; `SKILL.md` is one of them. */
  files: z.array(z.object({ path: z.string(), text: z.string() })),
});
export type Skill = z.infer<typeof Skill>;

/** A program that gives an agent tools by the Model Context Protocol, over its standard input and output. */
const McpServer = z.object({
  name: z.string(),
  version: z.string(),
  /** The npm package that the runner installs at this version; null: `command` is there already. */
  package: z.string().nullable().default(null),
  /** The program and its arguments; of a package, the name of one of its programs. */
  command: z.array(z.string()).min(1),
  /** Names of the session's variables that the server needs. */
  env: z.array(z.string()).default([]),
});
export type McpServer = z.infer<typeof McpServer>;

/** What a session may reach and use beyond what every session may; null leaves a limit to the runner. */
const Sandbox = z.object({
  /** Where the runner's machine cannot confine the session, the attempt fails at once. */
  required: z.boolean().default(false),
  /** `name` or `name:port` of hosts beside the model's; without a port, 443. */
  hosts: z.array(z.string()).default([]),
  memoryBytes: z.number().int().min(1).nullable().default(null),
  maxProcesses: z.number().int().min(1).nullable().default(null),
  /** Of work tree, home and temporary files together. */
  diskBytes: z.number().int().min(1).nullable().default(null),
  maxFileBytes: z.number().int().min(1).nullable().default(null),
  outputBytes: z.number().int().min(1).nullable().default(null),
  cpuMs: z.number().int().min(1).nullable().default(null),
});
export type Sandbox = z.infer<typeof Sandbox>;

const Resume = z.object({
  /** Whose session it was. */
  harness: HarnessName,
  /** As the harness calls its session; null where it named none. */
  sessionId: z.string().nullable().default(null),
  /** What was done so far, for a harness that cannot go on with the session itself. */
  summary: z.string(),
});
export type Resume = z.infer<typeof Resume>;

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
    /** Keys of the result that the role may give; empty where the server does not say. */
    outputs: z.array(z.string()).default([]),
  }),
  harness: z.object({
    name: HarnessName,
    model: z.string().nullable(),
    /** Instead of the version that Baton pins. */
    version: z.string().nullable().default(null),
    settings: z.record(z.string(), z.unknown()),
  }),
  /** What one session may use up; null: as much as its time lets it. */
  limits: z
    .object({
      maxTurns: z.number().int().min(1).nullable().default(null),
      budgetMicroUsd: z.number().int().min(0).nullable().default(null),
    })
    .prefault({}),
  /** Folders with a `SKILL.md`, from the base branch: the runner lays them beside the work tree. */
  skills: z.array(Skill).default([]),
  mcpServers: z.array(McpServer).default([]),
  sandbox: Sandbox.prefault({}),
  /** What is left of an attempt that lost its runner, for this one to go on with. */
  resume: Resume.nullable().default(null),
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
    /** Globs of all that the role may change; empty: no such bounds. */
    only: z.array(z.string()).default([]),
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
