import type { z } from "zod";
import { HARNESS_NAMES } from "../../core/policy/policy.ts";
import { nearestWord } from "../../core/command/nearest-word.ts";
import { isRequired, propertiesOf, schemaAt } from "./config-json-schema.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { keyOf } from "./config-problem.ts";
import type { YamlFile } from "./read-yaml.ts";
import type { Position } from "./yaml-positions.ts";
import { positionOfKey, positionOfValue } from "./yaml-positions.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];
type Wording = { readonly message: string; readonly remedy: string };

/** What the schema found, in words for the person who wrote the file, at the place where they wrote it. */
export function explainIssue(issue: Issue, file: YamlFile): ConfigProblem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      const position = positionOfKey(file.document, file.lines, path);
      return problem(path, position, wordUnknownKey(issue.path, key));
    });
  }
  const { path } = issue;
  const position = positionOfValue(file.document, file.lines, path);
  const found = valueAt(file.value, path);
  const isMissing = found === undefined && issue.code !== "custom";
  return [problem(path, position, isMissing ? wordMissing(path) : wordIssue(issue, path, found))];
}

function problem(path: Path, position: Position, wording: Wording): ConfigProblem {
  return { ...position, key: keyOf(path), ...wording };
}

function wordUnknownKey(parent: Path, key: string): Wording {
  const keys = Object.keys(propertiesOf(schemaAt(parent) ?? {}));
  const place = parent.length === 0 ? "the policy" : keyOf(parent);
  const message = `"${shown(key)}" is not a key of ${place}.`;
  if (keyOf(parent) === "stages" && key === "verify") {
    return { message, remedy: "No agent verifies; what does is set under verify at the top." };
  }
  if (keys.includes(key)) {
    return { message, remedy: 'It belongs to another kind of harness: compare the value of "use".' };
  }
  const nearest = nearestWord(key, keys);
  return {
    message,
    remedy: nearest ? `Did you mean "${nearest}"?` : `The keys here are ${keys.join(", ")}.`,
  };
}

function wordMissing(path: Path): Wording {
  return { message: `${keyOf(path)} is missing.`, remedy: exampleOf(path) };
}

function wordIssue(issue: Issue, path: Path, found: unknown): Wording {
  const key = path.length === 0 ? "The file" : keyOf(path);
  if (found === null) return { message: `${key} is empty.`, remedy: remedyOfEmpty(path) };
  const but = `, but is ${describeValue(found)}.`;
  switch (issue.code) {
    case "custom":
      return wordCustom(issue, path, found);
    case "invalid_type":
      // A form of its own, such as a duration, says itself what it takes.
      if (issue.message.startsWith("must be"))
        return { message: `${key} ${issue.message}${but}`, remedy: exampleOf(path) };
      return { message: `${key} must be ${nameOfType(issue.expected)}${but}`, remedy: exampleOf(path) };
    case "invalid_value":
      return {
        message: `${key} must be ${listOf(issue.values)}${but}`,
        remedy: choiceFor(path, issue.values, found),
      };
    case "invalid_union":
      // A form of its own, such as an amount of money, says itself what it takes.
      if (issue.message.startsWith("must be"))
        return { message: `${key} ${issue.message}${but}`, remedy: exampleOf(path) };
      return wordIssue({ ...issue, code: "invalid_value", values: [...HARNESS_NAMES] }, path, found);
    case "too_small":
    case "too_big":
      return { message: `${key} ${limitOf(issue)}${but}`, remedy: exampleOf(path) };
    case "invalid_format":
      return { message: `${key} ${formOf(path)}${but}`, remedy: exampleOf(path) };
    case "unrecognized_keys":
    case "not_multiple_of":
    case "invalid_key":
    case "invalid_element":
      return { message: `${key} is not valid${but}`, remedy: exampleOf(path) };
  }
}

/** The schema's own words; a form that was asked for is set against what is there. */
function wordCustom(issue: Extract<Issue, { code: "custom" }>, path: Path, found: unknown): Wording {
  const ending =
    isPlain(found) && issue.message.startsWith("must be") ? `, but is ${describeValue(found)}` : "";
  const remedy: unknown = issue.params?.["remedy"];
  return {
    message: `${keyOf(path)} ${issue.message}${ending}.`,
    remedy: typeof remedy === "string" ? remedy : exampleOf(path),
  };
}

function remedyOfEmpty(path: Path): string {
  if (path.length === 0) return 'It needs at least "version: 1" and a harness; baton init writes an example.';
  const isNeeded = isRequired(schemaAt(path.slice(0, -1)) ?? {}, String(path.at(-1)));
  return isNeeded ? exampleOf(path) : "Give it a value or remove the line.";
}

function nameOfType(expected: string): string {
  const names: { readonly [type: string]: string } = {
    object: "a mapping of keys",
    array: "a list",
    string: "text",
    number: "a number",
    int: "a whole number",
    boolean: "true or false",
  };
  return names[expected] ?? expected;
}

function limitOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const [word, bound] = issue.code === "too_small" ? ["at least", issue.minimum] : ["at most", issue.maximum];
  if (issue.origin === "array")
    return `must have ${word} ${String(bound)} ${bound === 1 ? "entry" : "entries"}`;
  if (issue.origin === "string")
    return `must have ${word} ${String(bound)} ${bound === 1 ? "character" : "characters"}`;
  return `must be ${word} ${String(bound)}`;
}

/** The forms that a pattern gives, in words. */
function formOf(path: Path): string {
  if (path[0] === "trigger")
    return 'must be a label of at most 50 characters that does not begin with "baton:"';
  if (path[0] === "bots") return "must be the login of a bot";
  const last = path.at(-1);
  const holder = path.at(-2);
  if (last === "version") return "must be an exact version such as 1.2.3";
  if (last === "package") return "must be the name of a package on npm";
  if (holder === "hosts") return "must be the name of a host, with its port where that is not 443";
  if (holder === "env") return "must be the name of an environment variable";
  if (last === "role" || last === "name" || holder === "skills" || holder === "mcp")
    return "must be lower-case letters, digits and dashes, at most 40 characters";
  return "has not the form that is asked for";
}

function choiceFor(path: Path, values: readonly unknown[], found: unknown): string {
  const words = values.map(String);
  if (path[0] === "version")
    return "This server understands version 1 only: write version: 1, or update the server.";
  if (path[0] === "permissions" && (found === "read" || found === "none")) {
    return "On a public repository everybody has read, so write a stronger role.";
  }
  const nearest = typeof found === "string" ? nearestWord(found, words) : null;
  return nearest ? `Did you mean "${nearest}"?` : "Write one of these.";
}

function exampleOf(path: Path): string {
  const last = path.at(-1);
  if (typeof last === "number") return exampleOf(path.slice(0, -1));
  const node = schemaAt(path);
  const example = node?.examples?.[0] ?? node?.default;
  if (last === "harness") return "Write, for example, harness: { use: claude }.";
  if (isPlain(example) || Array.isArray(example))
    return `Write, for example, ${String(last)}: ${asYaml(example)}.`;
  const keys = Object.keys(propertiesOf(node ?? {}));
  if (keys.length > 0) return `Its keys are ${keys.join(", ")}.`;
  return "docs/policy.md shows what it takes.";
}

function asYaml(example: unknown): string {
  return Array.isArray(example)
    ? `[${example.map((item) => JSON.stringify(item)).join(", ")}]`
    : String(example);
}

function listOf(values: readonly unknown[]): string {
  const words = values.map(String);
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "string") return value === "" ? "empty text" : `the text "${shown(value)}"`;
  return typeof value === "object" ? "a mapping of keys" : JSON.stringify(value);
}

function shown(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((holder, part) => {
    if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, part)) return undefined;
    return (holder as { readonly [key: PropertyKey]: unknown })[part];
  }, value);
}
