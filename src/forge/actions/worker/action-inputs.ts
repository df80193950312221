import type { ExpressionScope } from "../expression/evaluate-expression.ts";
import { interpolate, type Template } from "../expression/interpolate.ts";
import type { ActionInput } from "../workflow/parse-action-manifest.ts";

export interface InputRequest {
  given: Readonly<Record<string, Template>>;
  declared: Readonly<Record<string, ActionInput>>;
  scope: ExpressionScope;
  warn: (text: string) => void;
}

/**
 * The inputs of an action: what the step gives over what the manifest defaults to, by lower-case name. Unknown
 * and missing inputs are remarked upon and not refused, as on GitHub.
 */
export function actionInputs(request: InputRequest): Record<string, string> {
  const { given, declared, scope, warn } = request;
  const inputs: Record<string, string> = {};
  for (const [name, input] of Object.entries(declared)) {
    inputs[name.toLowerCase()] = interpolate(input.default, scope);
  }
  const known = new Set(Object.keys(inputs));
  for (const [name, template] of Object.entries(given)) {
    const key = name.toLowerCase();
    if (!known.has(key)) {
      warn(
        `Unexpected input(s) '${name}', valid inputs are [${[...known].map((input) => `'${input}'`).join(", ")}]`,
      );
    }
    const message = Object.entries(declared).find(
      ([declaredName]) => declaredName.toLowerCase() === key,
    )?.[1];
    if (message?.deprecationMessage)
      warn(`Input '${name}' has been deprecated with message: ${message.deprecationMessage}`);
    inputs[key] = interpolate(template, scope);
  }
  return inputs;
}

/** Inputs as a JavaScript action reads them. */
export function inputVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`,
      value,
    ]),
  );
}
