import { CAPABILITIES, CAPABILITY_NAMES, type Capability } from "../../../contract/harness/capabilities.ts";
import type { HarnessName } from "../../../contract/harness/harness-name.ts";
import { HARNESS_PINS, isPinned, type HarnessPin } from "../../../contract/harness/harness-pins.ts";
import { detectProgram, type DetectedProgram } from "./detect-program.ts";

/** A harness as Baton knows it, and as this machine has it. */
export type HarnessSurvey = {
  readonly name: HarnessName;
  readonly capabilities: { readonly [C in Capability]: boolean };
  /** Null for those whose program the policy names. */
  readonly pin: HarnessPin | null;
  readonly installed: DetectedProgram | null;
  /** Whether what is installed is what Baton was tested with; null where there is nothing to compare. */
  readonly matches: boolean | null;
};

/** What each harness can do, and what of it is on this machine's PATH. */
export async function surveyHarnesses(
  names: readonly HarnessName[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly HarnessSurvey[]> {
  return Promise.all(names.map((name) => survey(name, env)));
}

async function survey(
  name: HarnessName,
  env: Readonly<Record<string, string | undefined>>,
): Promise<HarnessSurvey> {
  const able = CAPABILITY_NAMES.map((capability) => [capability, CAPABILITIES[name].has(capability)]);
  const capabilities = Object.fromEntries(able) as HarnessSurvey["capabilities"];
  if (!isPinned(name)) return { name, capabilities, pin: null, installed: null, matches: null };
  const pin = HARNESS_PINS[name];
  const installed = await detectProgram(pin.program, env);
  const matches = installed === null ? null : installed.version === pin.version;
  return { name, capabilities, pin, installed, matches };
}
