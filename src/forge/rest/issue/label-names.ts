import { validationFailed } from "../rest-refusal.ts";

const longestLabelName = 50;

/** Labels come as names or as objects with a name. @returns `undefined` when there are none to speak of. */
export function labelNames(labels: unknown): string[] | undefined {
  if (labels === undefined || labels === null) return undefined;
  const names = Array.isArray(labels) ? labels.map(nameOf) : [undefined];
  return names.map((name) => {
    if (name === undefined) throw validationFailed([{ resource: "Label", field: "name", code: "invalid" }]);
    checkLabelName(name);
    return name;
  });
}

function nameOf(label: unknown): string | undefined {
  if (typeof label === "string") return label;
  if (typeof label !== "object" || label === null || !("name" in label)) return undefined;
  return typeof label.name === "string" ? label.name : undefined;
}

export function checkLabelName(name: string): void {
  if (name.trim() === "")
    throw validationFailed([{ resource: "Label", field: "name", code: "missing_field" }]);
  if (name.length <= longestLabelName) return;
  const message = `name is too long (maximum is ${longestLabelName} characters)`;
  throw validationFailed([{ resource: "Label", field: "name", code: "custom", message }]);
}
