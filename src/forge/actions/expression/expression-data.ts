import { data } from "@actions/expressions";

/** Gives a plain JSON value as the evaluator's data; `undefined` counts as null. */
export function fromPlain(value: unknown): data.ExpressionData {
  if (value === null || value === undefined) return new data.Null();
  if (typeof value === "string") return new data.StringData(value);
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(fromPlain));
  if (typeof value !== "object") throw new TypeError(`An expression cannot hold a ${typeof value}.`);
  return new data.Dictionary(
    ...Object.entries(value).map(([key, entry]) => ({ key, value: fromPlain(entry) })),
  );
}

export function toPlain(value: data.ExpressionData): unknown {
  switch (value.kind) {
    case data.Kind.Null:
      return null;
    case data.Kind.Array:
      return value.values().map(toPlain);
    case data.Kind.Dictionary:
      return Object.fromEntries(value.pairs().map(({ key, value: entry }) => [key, toPlain(entry)]));
    case data.Kind.String:
    case data.Kind.Number:
    case data.Kind.Boolean:
      return value.value;
  }
}
