import type { SchemaNode } from "./config-json-schema.ts";
import { configJsonSchema, isRequired, propertiesOf } from "./config-json-schema.ts";

/** Every key of the policy with its default, as Markdown tables for docs/policy.md: one for the top, one a section. */
export function renderPolicyReference(): string {
  const keys = Object.entries(propertiesOf(configJsonSchema()));
  const isSection = ([key, node]: readonly [string, SchemaNode]) =>
    key !== "alternatives" && Object.keys(propertiesOf(node.items ?? node)).length > 0;
  const plain = keys.filter((entry) => !isSection(entry));
  const sections = keys.filter(isSection).map(([key, node]) => renderSection(key, node));
  return [renderTable(plain, configJsonSchema()), ...sections].join("\n\n");
}

function renderSection(key: string, node: SchemaNode): string {
  const holder = node.items ?? node;
  const prefix = node.items ? "[]." : "";
  const rows = Object.entries(propertiesOf(holder)).flatMap(([name, child]) => rowsOf(name, child));
  const table = renderTable(rows, holder, prefix);
  return [`### \`${key}\``, node.description ?? "", table].join("\n\n");
}

type Row = readonly [string, SchemaNode];

/** A mapping inside a section is told with its keys, but what stands at the top too only there, since all are alike. */
function rowsOf(name: string, node: SchemaNode): Row[] {
  if (name.endsWith(".harness") || name.endsWith(".limits")) return [[name, node]];
  const inner = Object.entries(propertiesOf(node)).flatMap(([key, child]) => rowsOf(`${name}.${key}`, child));
  const items = node.items ? Object.entries(propertiesOf(node.items)) : [];
  const entries = items.map(([key, child]): Row => [`${name}[].${key}`, child]);
  return [[name, node], ...inner, ...entries];
}

function renderTable(rows: readonly Row[], parent: SchemaNode, prefix = ""): string {
  const lines = rows.map(([name, node]) => {
    return `| \`${prefix}${name}\` | ${isRequired(parent, name) ? "required" : defaultOf(node)} | ${describe(node)} |`;
  });
  return ["| Key | Default | Meaning |", "| --- | --- | --- |", ...lines].join("\n");
}

function defaultOf(node: SchemaNode): string {
  const value = node.default;
  if (value === undefined || isEmptyMapping(value)) return "";
  return `\`${JSON.stringify(value)}\``.replaceAll("|", "\\|");
}

function isEmptyMapping(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  );
}

function describe(node: SchemaNode): string {
  const choices = node.enum ?? node.items?.enum;
  const one = choices ? ` One of ${choices.map((choice) => `\`${String(choice)}\``).join(", ")}.` : "";
  return `${node.description ?? ""}${one}`.replaceAll("|", "\\|");
}
