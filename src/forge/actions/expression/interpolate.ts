import { evaluateExpression, evaluateToText, type ExpressionScope } from "./evaluate-expression.ts";

/** A value of a workflow file as YAML gives it, whose strings may hold `${{ … }}`. */
export type Template =
  string | number | boolean | null | undefined | Template[] | { [key: string]: Template };

/**
 * Evaluates every string in a template. A string that is one expression keeps the type of its value, so that
 * `${{ fromJSON(…) }}` can stand for a matrix; any other string becomes text.
 */
export function evaluateTemplate(template: Template, scope: ExpressionScope): unknown {
  if (typeof template === "string") return evaluateString(template, scope);
  if (Array.isArray(template)) return template.map((entry) => evaluateTemplate(entry, scope));
  if (template === null || typeof template !== "object") return template ?? null;
  return Object.fromEntries(
    Object.entries(template).map(([key, entry]) => [interpolate(key, scope), evaluateTemplate(entry, scope)]),
  );
}

/** Evaluates a template of one scalar to text, as for `env`, `with` and `run`. */
export function interpolate(template: Template, scope: ExpressionScope): string {
  if (typeof template === "string") {
    return splitExpressions(template)
      .map((part) => (part.expression ? evaluateToText(part.text, scope) : part.text))
      .join("");
  }
  if (template === null || template === undefined) return "";
  return evaluateToText("value", { contexts: { value: template } });
}

/** Evaluates each value of a mapping to text, in order; an absent mapping is empty. */
export function interpolateMap(
  templates: Readonly<Record<string, Template>> | undefined,
  scope: ExpressionScope,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(templates ?? {}).map(([key, template]) => [key, interpolate(template, scope)]),
  );
}

export function hasExpression(template: Template): boolean {
  return typeof template === "string" && template.includes("${{");
}

function evaluateString(template: string, scope: ExpressionScope): unknown {
  const parts = splitExpressions(template);
  const only = parts[0];
  if (parts.length === 1 && only?.expression === true) return evaluateExpression(only.text, scope);
  return interpolate(template, scope);
}

interface TemplatePart {
  expression: boolean;
  text: string;
}

/** Splits at `${{ … }}`; a `}}` inside a string literal of the expression does not end it. */
function splitExpressions(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let position = 0;
  for (;;) {
    const start = template.indexOf("${{", position);
    const end = start < 0 ? -1 : expressionEnd(template, start + 3);
    if (end < 0) break;
    if (start > position) parts.push({ expression: false, text: template.slice(position, start) });
    parts.push({ expression: true, text: template.slice(start + 3, end) });
    position = end + 2;
  }
  if (position < template.length) parts.push({ expression: false, text: template.slice(position) });
  return parts;
}

function expressionEnd(template: string, from: number): number {
  let quoted = false;
  for (let index = from; index < template.length; index += 1) {
    if (template[index] === "'") quoted = !quoted;
    else if (!quoted && template.startsWith("}}", index)) return index;
  }
  return -1;
}
