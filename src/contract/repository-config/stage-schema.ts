import { z } from "zod";
import { Harness, StageLimits } from "./harness-schema.ts";
import { PartName } from "./mcp-schema.ts";
import { duration } from "./scalar-forms.ts";

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
      harness: Harness.optional().meta({
        description: "For this stage, whatever its role prefers and the top says.",
      }),
      limits: StageLimits,
      skills: z
        .array(PartName)
        .max(20)
        .optional()
        .meta({ description: "Instead of the skills at the top.", examples: [["migrations"]] }),
      mcp: z
        .array(PartName)
        .max(20)
        .optional()
        .meta({ description: "Which of the MCP servers at the top; without it, all.", examples: [[]] }),
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
