import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

type Json = Record<string, unknown>;

export interface Parameter {
  name: string;
  in: "query" | "path" | "header";
  required?: boolean;
  schema: Json;
}

export interface Operation {
  operationId: string;
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { required?: boolean; content: Record<string, { schema?: Json }> };
  responses: Record<string, Response | { $ref: string }>;
}

interface Response {
  content?: Record<string, { schema?: Json }>;
}

export interface RestDescription {
  paths: Record<string, Record<string, Operation>>;
  components: { parameters: Record<string, Parameter>; responses: Record<string, Response> };
}

/**
 * GitHub's description of its REST API, in a form that JSON Schema validators understand.
 *
 * The one file is read and parsed (75 ms); requiring the package would load every version of the API (2.8 s and
 * 600 MB).
 */
export function loadRestDescription(): RestDescription {
  const file = createRequire(import.meta.url).resolve("@octokit/openapi/generated/api.github.com.json");
  return toJsonSchema(JSON.parse(readFileSync(file, "utf8"))) as RestDescription;
}

/**
 * OpenAPI 3.0 says `nullable` where JSON Schema says `null`. And its `oneOf` often means "any of": GitHub's
 * alternatives overlap, so that a valid answer would match two and fail.
 */
function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (typeof value !== "object" || value === null) return value;
  const { nullable, example: _example, examples: _examples, oneOf, ...rest } = value as Json;
  const converted: Json = {};
  for (const [key, child] of Object.entries(rest)) converted[key] = toJsonSchema(child);
  // A property may be called "nullable" or "oneOf"; only the keywords have these types.
  if (Array.isArray(oneOf)) converted["anyOf"] = toJsonSchema(oneOf);
  if (nullable !== true) return converted;
  if (Array.isArray(converted["enum"])) converted["enum"] = [...(converted["enum"] as unknown[]), null];
  if (typeof converted["type"] === "string" && converted["anyOf"] === undefined) {
    return { ...converted, type: [converted["type"], "null"] };
  }
  return { anyOf: [converted, { type: "null" }] };
}
