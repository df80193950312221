import { z } from "zod";
import { Money, RepositoryPath } from "./scalar-forms.ts";

const Model = z
  .string()
  .min(1)
  .max(100)
  .nullable()
  .prefault(null)
  .meta({
    description: "The model the harness is asked to use; null leaves it to the role, or to the harness.",
    examples: ["example-model-1"],
  });

const Version = z
  .string()
  .regex(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/)
  .nullable()
  .prefault(null)
  .meta({
    description:
      "The exact version of the agent program, of those that come from npm; null: the one that Baton was tested with.",
    examples: ["1.2.3"],
  });

function fromNpm<Name extends string>(name: Name) {
  return z.strictObject({ use: z.literal(name), model: Model, version: Version });
}

/** The first of them describes the keys that several have. */
const ClaudeHarness = z.strictObject({
  use: z.literal("claude").meta({
    description:
      "Which agent program runs: `claude`, `codex`, `gemini`, `opencode`, `acp` (any that speaks the Agent Client Protocol), `command` (any other) or `recording`.",
    examples: ["claude"],
  }),
  model: Model,
  version: Version,
});

const AcpHarness = z.strictObject({
  use: z.literal("acp"),
  run: z
    .array(z.string().max(1_000))
    .min(1)
    .max(100)
    .meta({
      description:
        "`acp`, `command`: the program and its arguments; a `command` gets the briefing on its standard input.",
      examples: [["node", "tools/agent.mjs"]],
    }),
  model: Model,
});

const CommandHarness = z.strictObject({
  use: z.literal("command"),
  run: AcpHarness.shape.run,
  model: Model,
});

const RecordingHarness = z.strictObject({
  use: z.literal("recording"),
  file: RepositoryPath.meta({
    description: "`recording`: the recorded session that is played back.",
    examples: [".github/baton/recording.json"],
  }),
  model: Model,
});

/** Which agent program works, and with what. */
export const Harness = z.discriminatedUnion("use", [
  ClaudeHarness,
  fromNpm("codex"),
  fromNpm("gemini"),
  fromNpm("opencode"),
  AcpHarness,
  CommandHarness,
  RecordingHarness,
]);
export type Harness = z.infer<typeof Harness>;

const Turns = z.number().int().min(1).max(1_000).nullable();
const Budget = Money.nullable();

const TURNS = {
  description: "How many turns one attempt's session may take; null: as many as its time allows.",
  examples: [50],
};
const BUDGET = {
  description: "What one attempt may cost, in dollars; null: no limit.",
  examples: ["2.50"],
};

/** At the top, where every key has a value. */
export const Limits = z
  .strictObject({ turns: Turns.prefault(null).meta(TURNS), budget: Budget.prefault(null).meta(BUDGET) })
  .prefault({})
  .meta({ description: "What one attempt may use up, in every stage." });

/** Of a stage, where a key that is left out says nothing. */
export const StageLimits = z
  .strictObject({ turns: Turns.optional().meta(TURNS), budget: Budget.optional().meta(BUDGET) })
  .optional()
  .meta({ description: "Instead of the limits at the top, key by key." });
