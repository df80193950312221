import { z } from "zod";
import { Harness, Limits } from "./harness-schema.ts";
import { McpServers, PartName } from "./mcp-schema.ts";
import { Sandbox } from "./sandbox-schema.ts";
import { duration, Glob, size } from "./scalar-forms.ts";
import { Stages } from "./stage-schema.ts";

/**
 * What nobody changes unless the policy lifts it: the code that runs with secrets, Baton's own rules, and what makes
 * git run programs or hide changes from whoever reads them.
 */
export const PROTECTED_GLOBS = [
  ".github/workflows/**",
  ".github/actions/**",
  ".github/baton*",
  ".github/baton/**",
  "**/CODEOWNERS",
  ".gitmodules",
  "**/.gitattributes",
  "**/.githooks/**",
  "**/.husky/**",
] as const;

/** Where tests are found in most ecosystems. */
const DEFAULT_TEST_GLOBS = [
  "**/test/**",
  "**/tests/**",
  "**/spec/**",
  "**/__tests__/**",
  "**/*.test.*",
  "**/*.spec.*",
  "**/*_test.*",
  "**/test_*",
];

const Tier = z.enum(["low", "medium", "high"]);
const Globs = z.array(Glob).max(100);

/** `read` is not among them: on a public repository everybody has it. */
const LeastRole = z.enum(["triage", "write", "maintain", "admin"]);

const Retry = z
  .strictObject({
    attempts: z
      .number()
      .int()
      .min(0)
      .max(10)
      .prefault(3)
      .meta({
        description: "How often a stage that failed is tried again before a person is asked.",
        examples: [3],
      }),
    outages: z
      .number()
      .int()
      .min(0)
      .max(100)
      .prefault(10)
      .meta({
        description:
          "How often in a row the model's provider may not answer before a person is asked; the pauses grow from a minute to half an hour, and no attempt is counted.",
        examples: [10],
      }),
    backoff: duration({ least: "0ms", most: "1h" })
      .prefault("30s")
      .meta({
        description: "The pause before the first retry; it doubles with each one.",
        examples: ["30s"],
      }),
    backoff_cap: duration({ least: "0ms", most: "6h" })
      .prefault("10m")
      .meta({ description: "The longest pause.", examples: ["10m"] }),
  })
  .superRefine((retry, context) => {
    if (retry.backoff_cap >= retry.backoff) return;
    context.addIssue({
      code: "custom",
      path: ["backoff_cap"],
      message: "must not be shorter than backoff",
      params: { remedy: "Make backoff_cap at least as long as backoff." },
    });
  })
  .prefault({})
  .meta({ description: "What happens after a failure." });

const TierRule = z
  .strictObject({
    tier: Tier.meta({ description: "The tier that this rule gives.", examples: ["high"] }),
    paths: Globs.prefault([]).meta({
      description:
        "Globs of paths. Above the default, one path that matches is enough; below it, all must match.",
      examples: [["src/auth/**"]],
    }),
    labels: z
      .array(z.string().min(1).max(50))
      .max(50)
      .prefault([])
      .meta({ description: "Labels of the issue, any of which is enough.", examples: [["security"]] }),
  })
  .superRefine((rule, context) => {
    if (rule.paths.length + rule.labels.length > 0) return;
    context.addIssue({
      code: "custom",
      message: "names neither paths nor labels, so it would never apply",
      params: { remedy: "Give it paths or labels, or remove it." },
    });
  });

const Tiers = z
  .strictObject({
    default: Tier.prefault("medium").meta({
      description: "The tier of what no rule covers.",
      examples: ["medium"],
    }),
    rules: z
      .array(TierRule)
      .max(50)
      .prefault([])
      .meta({ description: "Which changes have which tier; the highest that applies wins." }),
  })
  .prefault({})
  .meta({ description: "How risky a change is, and so what it needs." });

const Merge = z
  .strictObject({
    automatic: z
      .boolean()
      .prefault(false)
      .meta({
        description: "Whether Baton merges once the merge gate is open; otherwise a person does.",
        examples: [true],
      }),
    method: z
      .enum(["merge", "squash", "rebase"])
      .prefault("squash")
      .meta({ description: "How Baton merges.", examples: ["squash"] }),
  })
  .prefault({})
  .meta({ description: "How work reaches the base branch." });

const Verify = z
  .strictObject({
    command: z
      .string()
      .min(1)
      .max(1_000)
      .nullable()
      .prefault(null)
      .meta({
        description:
          "A shell command that must succeed on the delivered commit, beside the repository's checks.",
        examples: ["npm test"],
      }),
    checks: z
      .array(z.string().min(1).max(200))
      .max(50)
      .prefault([])
      .meta({
        description:
          "Checks that must be there and green; without any, whatever checks the commit has, at least one.",
        examples: [["ci / test"]],
      }),
    settle: duration({ least: "0ms", most: "10m" })
      .prefault("30s")
      .meta({
        description:
          "Without named checks: how long no other check may come after all are green, since some are slow to appear.",
        examples: ["30s"],
      }),
    timeout: duration({ least: "1s", most: "6h" })
      .prefault("60m")
      .meta({ description: "How long the checks may take.", examples: ["60m"] }),
  })
  .prefault({})
  .meta({ description: "What proves the work, without an agent." });

const Scope = z
  .strictObject({
    deny: Globs.prefault([]).meta({
      description: "Globs that no attempt may change, beside the protected ones.",
      examples: [["infra/**"]],
    }),
    unprotect: z
      .array(z.enum(PROTECTED_GLOBS))
      .prefault([])
      .meta({
        description: "Protected globs that attempts may change after all.",
        examples: [[".github/workflows/**"]],
      }),
    tests: Globs.min(1)
      .prefault(DEFAULT_TEST_GLOBS)
      .meta({
        description: "What counts as tests: the tester changes only these, the developer none of these.",
        examples: [["test/**"]],
      }),
    max_files: z
      .number()
      .int()
      .min(1)
      .max(3_000)
      .prefault(100)
      .meta({ description: "How many files one attempt may change.", examples: [100] }),
    max_bytes: size({ least: "1kb", most: "20mb" })
      .prefault("1mb")
      .meta({ description: "How large the changed files may be together.", examples: ["1mb"] }),
  })
  .prefault({})
  .meta({ description: "What attempts may change." });

const Briefing = z
  .strictObject({
    untrusted: z
      .enum(["fence", "exclude"])
      .prefault("fence")
      .meta({
        description:
          "What agents get of text by people without write access: `fence` marks it as data, `exclude` leaves it out.",
        examples: ["exclude"],
      }),
  })
  .prefault({})
  .meta({ description: "What agents are told." });

const Lease = z
  .strictObject({
    ttl: duration({ least: "1s", most: "1h" })
      .prefault("90s")
      .meta({
        description: "How long a runner may stay silent before its attempt counts as lost.",
        examples: ["90s"],
      }),
  })
  .prefault({})
  .meta({ description: "The right of a runner to work on an attempt." });

function permission(does: string) {
  return LeastRole.prefault("write").meta({ description: does, examples: ["maintain"] });
}

const Permissions = z
  .strictObject({
    start: permission("Starting work with the trigger label."),
    approve: LeastRole.exclude(["triage"])
      .prefault("write")
      .meta({ description: "`/approve`.", examples: ["maintain"] }),
    retry: permission("`/retry`."),
    cancel: permission("`/cancel`."),
    hold: permission("`/hold`."),
    resume: permission("`/resume`."),
  })
  .prefault({})
  .meta({ description: "The least repository role for each thing a person may ask for." });

/** `.github/baton.yml`, version 1. Every key is optional but `version` and `harness`; no other key is taken. */
export const RepositoryConfig = z.strictObject({
  version: z.literal(1).meta({ description: "The version of this format.", examples: [1] }),
  trigger: z
    .string()
    .regex(/^(?!\s|baton:)[^\p{Cc}]{0,49}[^\p{Cc}\s]$/u)
    .prefault("baton")
    .meta({ description: "The label that starts work on an issue.", examples: ["baton"] }),
  harness: Harness.meta({ description: "Which agent program runs the stages." }),
  alternatives: z
    .array(Harness)
    .max(10)
    .prefault([])
    .meta({ description: "Further agent programs, which a stage gets where its role prefers one of them." }),
  stages: Stages,
  limits: Limits,
  sandbox: Sandbox,
  skills: z
    .array(PartName)
    .max(20)
    .prefault([])
    .meta({
      description:
        "Skills that agents may read up on, each a folder `.github/baton/skills/<name>` with a `SKILL.md`.",
      examples: [["migrations"]],
    }),
  mcp: McpServers,
  retry: Retry,
  tiers: Tiers,
  merge: Merge,
  verify: Verify,
  scope: Scope,
  briefing: Briefing,
  lease: Lease,
  permissions: Permissions,
  bots: z
    .array(z.string().regex(/^[A-Za-z0-9-]{1,39}(?:\[bot\])?$/))
    .max(50)
    .prefault([])
    .meta({
      description: "Logins of bots whose comments are read like a person's; a bot's approval never counts.",
      examples: [["renovate[bot]"]],
    }),
});
export type RepositoryConfig = z.infer<typeof RepositoryConfig>;
