import type { Template } from "../expression/interpolate.ts";

export type Mapping = Record<string, Template>;

/** A mapping as such; anything else, such as an absent key or an expression, as an empty one. */
export function asMapping(value: unknown): Mapping {
  const isMapping = typeof value === "object" && value !== null && !Array.isArray(value);
  return isMapping ? (value as Mapping) : {};
}

/** A scalar as the text its author wrote, near enough to compare; anything else as empty text. */
export function asText(value: Template): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
