import { z } from "zod";
import { duration, RepositoryPath } from "./scalar-forms.ts";

const Model = z
  .string()
  .min(1)
  .max(100)
  .nullable()
  .prefault(null)
  .meta({
    description: "The model the harness is asked to use; null leaves it to the harness.",
    examples: ["example-model-1"],
  });

const CommandHarness = z.strictObject({
  use: z.literal("command").meta({
    description: "Which kind of agent program runs: `command` or `recording`.",
    examples: ["command"],
  }),
  run: z
    .array(z.string().max(1_000))
    .min(1)
    .max(100)
    .meta({
      description: "`command`: the program and its arguments; the briefing comes on its standard input.",
      examples: [["node", "tools/agent.mjs"]],
    }),
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
export const Harness = z.discriminatedUnion("use", [CommandHarness, RecordingHarness]);

/** What one stage with an agent may set for itself. */
function stage(defaults: { readonly role: string; readonly timeout: string; readonly does: string }) {
  return z
    .strictObject({
      role: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,39}$/)
        .prefault(defaults.role)
        .meta({
          description: "Who does it: a built-in role, or one described in `.github/baton/roles/<role>.md`.",
          examples: [defaults.role],
        }),
      timeout: duration({ least: "1s", most: "6h" })
        .prefault(defaults.timeout)
        .meta({ description: "How long one attempt may take.", examples: [defaults.timeout] }),
      harness: Harness.optional().meta({ description: "Instead of the harness at the top, for this stage." }),
    })
    .prefault({})
    .meta({ description: defaults.does });
}

/** The stages that have an agent. */
export const Stages = z
  .strictObject({
    plan: stage({ role: "planner", timeout: "10m", does: "Reads the code and proposes what to do." }),
    test: stage({ role: "tester", timeout: "20m", does: "Writes the tests that the work has to pass." }),
    implement: stage({ role: "developer", timeout: "30m", does: "Makes the tests pass." }),
    review: stage({ role: "reviewer", timeout: "15m", does: "Reads the work and says whether it is good." }),
  })
  .prefault({})
  .meta({ description: "Settings of each stage that has an agent." });
