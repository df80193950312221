import type { Stage, Tier } from "../task/state.ts";

/** Repository roles of GitHub, weakest first. */
export const ROLES_ON_REPOSITORY = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type RepositoryRole = (typeof ROLES_ON_REPOSITORY)[number];

/** Kinds of agent programs, in the order in which people are told of them. */
export const HARNESS_NAMES = [
  "claude",
  "codex",
  "gemini",
  "opencode",
  "acp",
  "command",
  "recording",
] as const;

/** Which agent program runs a stage, with its own settings as the repository wrote them. */
export type HarnessChoice = {
  readonly name: (typeof HARNESS_NAMES)[number];
  readonly model: string | null;
  /** Of the agent program; null or absent: the one that Baton was tested with. */
  readonly version?: string | null;
  /** `acp`, `command`: the program and its arguments. `recording`: the path of the recorded session. */
  readonly settings: { readonly [key: string]: unknown };
};

/** What one attempt may use up; null: as much as its time lets it. */
export type Limits = { readonly maxTurns: number | null; readonly budgetMicroUsd: number | null };

/** A program that gives agents tools; `package` null: it is not installed from npm. */
export type McpServer = {
  readonly name: string;
  readonly version: string;
  readonly package: string | null;
  readonly command: readonly string[];
  readonly env: readonly string[];
};

/** What a session may reach and use; null leaves a limit to the runner. */
type SandboxRules = {
  readonly required: boolean;
  readonly hosts: readonly string[];
  readonly memoryBytes: number | null;
  readonly maxProcesses: number | null;
  readonly diskBytes: number | null;
  readonly maxFileBytes: number | null;
  readonly outputBytes: number | null;
  readonly cpuMs: number | null;
};

/** What is marked optional, here and below, policies that were stored before Baton knew of it do not have. */
export type StagePolicy = {
  readonly role: string;
  readonly harness: HarnessChoice;
  readonly timeoutMs: number;
  readonly limits?: Limits;
  /** What the role narrows the policy's scope to: globs, where an empty `only` means all. */
  readonly scope?: { readonly only: readonly string[]; readonly deny: readonly string[] };
  /** Names of folders in `.github/baton/skills`. */
  readonly skills?: readonly string[];
  readonly mcpServers?: readonly McpServer[];
};

/** The rules that govern a repository, after defaults, read from the base branch only. */
export type Policy = {
  /** SHA-256 (hex) of the canonical policy: what an approval binds to. */
  readonly digest: string;
  readonly trigger: string;
  readonly stages: { readonly [S in Stage]: StagePolicy };
  readonly retry: {
    /** How often a stage is tried again by itself before a person is asked. */
    readonly maxRetries: number;
    /** How often in a row the model's provider may not answer before a person is asked. */
    readonly maxOutages?: number;
    readonly backoffMs: number;
    readonly backoffCapMs: number;
  };
  readonly tiers: {
    readonly default: Tier;
    readonly rules: readonly TierRule[];
  };
  readonly merge: {
    readonly automatic: boolean;
    readonly method: "merge" | "squash" | "rebase";
  };
  readonly verify: {
    /** Shell command run by the workflow's third job on the delivered commit, beside the repository's own checks. */
    readonly command: string | null;
    /** Names of checks that must be there and green; empty means whatever checks the commit has, at least one. */
    readonly required: readonly string[];
    /** How long nothing may change before the checks of a commit count as all there are, where none is required. */
    readonly settleMs: number;
    readonly timeoutMs: number;
  };
  readonly sandbox?: SandboxRules;
  readonly scope: {
    /** Globs that no attempt may change. */
    readonly deny: readonly string[];
    /** Globs of tests: the tester may change only these, the developer none of these. */
    readonly tests: readonly string[];
    readonly maxFiles: number;
    readonly maxBytes: number;
  };
  readonly briefing: {
    /** What becomes of text by people without write access: it is marked as data, or agents do not get it. */
    readonly untrusted: "fence" | "exclude";
  };
  readonly lease: { readonly ttlMs: number };
  /** The least repository role for each command that changes something. */
  readonly permissions: { readonly [command: string]: RepositoryRole };
  /** Logins of bots whose comments are read like a person's. */
  readonly bots: readonly string[];
};

export type TierRule = {
  readonly tier: Tier;
  readonly paths: readonly string[];
  readonly labels: readonly string[];
};
