import type { ActionInput } from "../../workflow/parse-action-manifest.ts";
import { StepFailure } from "../log-failure.ts";

/** Declares inputs by their defaults, as a manifest would. */
export function declareInputs(defaults: Readonly<Record<string, string>>): Record<string, ActionInput> {
  return Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [
      name,
      { required: false, default: value, deprecationMessage: null },
    ]),
  );
}

/** @throws StepFailure when an input asks for what the forge's version of an action cannot do */
export function refuseInputs(
  action: string,
  inputs: Readonly<Record<string, string>>,
  harmless: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(harmless)) {
    const given = inputs[name] ?? "";
    if (given !== "" && given !== value) {
      throw new StepFailure(`The forge's ${action} does not support \`${name}: ${given}\`.`);
    }
  }
}
