import { z } from "zod";
import { parseGlob } from "../../core/policy/glob/parse-glob.ts";

/** Values with a unit and values with a form of their own; each says what it takes when it gets something else. */

const MS_OF_UNIT = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const BYTES_OF_UNIT = { b: 1, kb: 1_024, mb: 1_024 ** 2, gb: 1_024 ** 3 } as const;

type Bounds = { readonly least: string; readonly most: string };

/** A duration such as `250ms`, `30s`, `10m` or `2h`, within bounds; read as milliseconds. */
export function duration(bounds: Bounds) {
  return quantity(bounds, {
    units: MS_OF_UNIT,
    form: "a duration such as 250ms, 30s, 10m or 2h",
    noun: "time",
  });
}

/** A size such as `500b`, `100kb` or `1mb`, within bounds; read as bytes. */
export function size(bounds: Bounds) {
  return quantity(bounds, { units: BYTES_OF_UNIT, form: "a size such as 500b, 100kb or 1mb", noun: "size" });
}

type Scale = {
  readonly units: { readonly [unit: string]: number };
  readonly form: string;
  readonly noun: string;
};

function quantity(bounds: Bounds, scale: Scale) {
  const least = amountOf(bounds.least, scale) ?? 0;
  const most = amountOf(bounds.most, scale) ?? Infinity;
  const range = `from ${bounds.least} to ${bounds.most}`;
  return z.string({ error: () => `must be ${scale.form}, ${range}` }).transform((text, context) => {
    const amount = amountOf(text, scale);
    if (amount !== null && amount >= least && amount <= most) return amount;
    const message = amount === null ? `must be ${scale.form}` : `must be a ${scale.noun} ${range}`;
    context.addIssue({
      code: "custom",
      message,
      params: { remedy: `Write a whole number with its unit, ${range}.` },
    });
    return z.NEVER;
  });
}

function amountOf(text: string, { units }: Scale): number | null {
  const [, digits, unit] = /^(\d{1,12}) ?([a-z]{1,2})$/i.exec(text.trim()) ?? [];
  const factor = unit === undefined ? undefined : units[unit.toLowerCase()];
  return digits === undefined || factor === undefined ? null : Number(digits) * factor;
}

const MICRO_USD = 1_000_000;

/** Dollars with at most six places, such as `2.50` or 3, read as whole micro-dollars without a fraction on the way. */
export const Money = z
  .union([z.string(), z.number()], { error: () => "must be an amount in dollars such as 2.50" })
  .transform((given, context) => {
    const [, whole, fraction = ""] = /^\$?(\d{1,5})(?:\.(\d{1,6}))?$/.exec(String(given).trim()) ?? [];
    const amount = whole === undefined ? 0 : Number(whole) * MICRO_USD + Number(fraction.padEnd(6, "0"));
    if (amount > 0) return amount;
    context.addIssue({
      code: "custom",
      message: "must be an amount in dollars such as 2.50",
      params: { remedy: "Write it from 0.000001 to 99999.999999, with a point and at most six places." },
    });
    return z.NEVER;
  });

/** A glob over the repository's paths, as core/policy/glob reads it. */
export const Glob = z.string().superRefine((glob, context) => {
  const parsed = parseGlob(glob);
  if (parsed.ok) return;
  context.addIssue({
    code: "custom",
    message: `is no glob that can be read: ${parsed.error}`,
    params: { remedy: "Write a path from the root with *, **, ?, [a-z] or {one,two}, such as src/**/*.ts." },
  });
});

/** The path of a file in the repository. */
export const RepositoryPath = z
  .string()
  .max(500)
  .superRefine((path, context) => {
    const segments = path.split("/");
    if (path !== "" && !segments.some((segment) => ["", ".", ".."].includes(segment))) return;
    context.addIssue({
      code: "custom",
      message: "must be the path of a file in the repository",
      params: { remedy: 'Write it from the root, without "/" at the start and without "..".' },
    });
  });
