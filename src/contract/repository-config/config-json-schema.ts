import { z } from "zod";
import { RepositoryConfig } from "./config-schema.ts";

/** The parts of JSON Schema that the configuration's schema uses. */
export type SchemaNode = {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: { readonly [key: string]: SchemaNode };
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly minimum?: number;
  readonly maximum?: number;
};

let cached: SchemaNode | null = null;

/** JSON Schema (draft 2020-12) of `.github/baton.yml` as people write it, for editors, help and the reference. */
export function configJsonSchema(): SchemaNode {
  cached ??= z.toJSONSchema(RepositoryConfig, {
    io: "input",
    unrepresentable: "any",
    // The examples are as people write them; zod drops those of values that are read into another form.
    override: ({ zodSchema, jsonSchema }) => {
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (examples !== undefined) jsonSchema.examples = examples as unknown[];
    },
  }) as SchemaNode;
  return cached;
}

/** The part of the schema that describes the value at a path; null where there is none. */
export function schemaAt(path: readonly PropertyKey[]): SchemaNode | null {
  let node: SchemaNode | null = configJsonSchema();
  for (const part of path) {
    if (node === null) return null;
    node = typeof part === "number" ? (node.items ?? null) : (propertiesOf(node)[String(part)] ?? null);
  }
  return node;
}

/** All keys that a mapping may have, over all its alternatives; what the first one says of a key holds. */
export function propertiesOf(node: SchemaNode): { readonly [key: string]: SchemaNode } {
  const merged: { [key: string]: SchemaNode } = { ...node.properties };
  for (const alternative of alternativesOf(node)) {
    for (const [key, child] of Object.entries(propertiesOf(alternative))) merged[key] ??= child;
  }
  return merged;
}

/** Whether a mapping has to have the key, whichever of its alternatives it is. */
export function isRequired(node: SchemaNode, key: string): boolean {
  const alternatives = alternativesOf(node);
  if (node.required?.includes(key)) return true;
  return alternatives.length > 0 && alternatives.every((alternative) => isRequired(alternative, key));
}

function alternativesOf(node: SchemaNode): readonly SchemaNode[] {
  return [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
}
