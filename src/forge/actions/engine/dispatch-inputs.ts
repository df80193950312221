import type { DispatchInput } from "../workflow/workflow.ts";

export type DispatchInputs =
  | { ok: true; inputs: Record<string, unknown>; event: Record<string, string> }
  | { ok: false; problem: string };

/**
 * The inputs of a manually started run: as typed values for `inputs`, and as text for `github.event.inputs`.
 * Refusals have GitHub's wording.
 */
export function dispatchInputs(
  declared: Readonly<Record<string, DispatchInput>>,
  given: Readonly<Record<string, unknown>>,
): DispatchInputs {
  const unexpected = Object.keys(given).filter((name) => !(name in declared));
  if (unexpected.length > 0) {
    const names = unexpected.map((name) => `"${name}"`).join(", ");
    return { ok: false, problem: `Unexpected inputs provided: [${names}]` };
  }
  const inputs: Record<string, unknown> = {};
  const event: Record<string, string> = {};
  for (const [name, input] of Object.entries(declared)) {
    const value = given[name] ?? input.default ?? emptyValue(input);
    if (input.required && (value === "" || value === null)) {
      return { ok: false, problem: `Required input '${name}' not provided` };
    }
    const typed = convert(input, value);
    if (typed === undefined) {
      return {
        ok: false,
        problem: `Provided value '${describe(value)}' for input '${name}' not in the list of allowed values`,
      };
    }
    inputs[name] = typed;
    event[name] = describe(typed);
  }
  return { ok: true, inputs, event };
}

function emptyValue(input: DispatchInput): unknown {
  switch (input.type) {
    case "boolean":
      return false;
    case "number":
      return input.required ? "" : 0;
    case "choice":
      return input.options[0] ?? "";
    case "string":
    case "environment":
      return "";
  }
}

/** @returns undefined for a value that the input does not take */
function convert(input: DispatchInput, value: unknown): unknown {
  const text = describe(value);
  switch (input.type) {
    case "boolean":
      return text === "true" || text === "false" ? text === "true" : undefined;
    case "number":
      return text.trim() === "" || Number.isNaN(Number(text)) ? undefined : Number(text);
    case "choice":
      return input.options.includes(text) ? text : undefined;
    case "string":
    case "environment":
      return text;
  }
}

function describe(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value);
}
