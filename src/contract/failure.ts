import { z } from "zod";
import { ERROR_CLASSES, isNobodysFault } from "../core/task/error-class.ts";

const ClassOfNewer = z
  .string()
  .max(100)
  .transform(() => "unknown" as const);

/** Why an attempt did not succeed: the context that the next one gets. */
export const Failure = z.object({
  kind: z.enum([
    "agent",
    "report",
    "scope",
    "checks",
    "changes-requested",
    "lost",
    "timeout",
    "infrastructure",
  ]),
  /** Where the agent's program or its model's provider failed; older runners do not say, newer ones may know more. */
  errorClass: z
    .union([z.enum(ERROR_CLASSES), ClassOfNewer])
    .nullable()
    .default(null),
  summary: z.string().min(1).max(1_000),
  failingTests: z.array(z.string().max(500)).max(200),
  logTail: z.string().max(20_000),
  diff: z.string().max(60_000),
});
export type Failure = z.infer<typeof Failure>;

/** Whether the attempt was interrupted, and what it had done is for the next one to go on with. */
export function leavesWork({ kind, errorClass }: Failure): boolean {
  return kind === "lost" || isNobodysFault(errorClass);
}
