/** JSON of somebody else's, of which only single members are looked at. */
export type JsonObject = { readonly [name: string]: unknown };

export function asObject(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** The object at the end of a path of names; null where there is none. */
export function objectAt(value: unknown, ...path: readonly string[]): JsonObject | null {
  return asObject(valueAt(value, ...path));
}

export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    const parent = asObject(found);
    found = parent !== null && Object.hasOwn(parent, name) ? parent[name] : undefined;
  }
  return found;
}

export function textAt(value: unknown, ...path: readonly string[]): string | null {
  const found = valueAt(value, ...path);
  return typeof found === "string" ? found : null;
}

/** No answer has more tokens; sums of many of them stay exact. */
const MAX_COUNT = 100_000_000;

/** A number of tokens; null for what is none. */
export function countAt(value: unknown, ...path: readonly string[]): number | null {
  const found = valueAt(value, ...path);
  return typeof found === "number" && Number.isInteger(found) && found >= 0
    ? Math.min(found, MAX_COUNT)
    : null;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
