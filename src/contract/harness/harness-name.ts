import { z } from "zod";
import { HARNESS_NAMES } from "../../core/policy/policy.ts";

/** The kinds of agent programs that an attempt can run. */
export const HarnessName = z.enum(HARNESS_NAMES);
export type HarnessName = z.infer<typeof HarnessName>;
