import type { z } from "zod";

/** A line as what the schema knows, or null: no JSON, or nothing that is known. */
export function readJsonLine<Line>(line: string, schema: z.ZodType<Line>): Line | null {
  if (!line.startsWith("{")) return null;
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return null;
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? parsed.data : null;
}
