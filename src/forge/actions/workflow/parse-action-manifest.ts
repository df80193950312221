import { parse } from "yaml";

import type { Template } from "../expression/interpolate.ts";
import { convertActionTemplate, ErrorPolicy, NoOperationTraceWriter, parseAction } from "../github-parser.ts";
import { readStep } from "./read-step.ts";
import { asMapping, asText, type Mapping } from "./template-value.ts";
import type { StepDefinition } from "./workflow.ts";

export interface ActionManifest {
  name: string;
  inputs: Record<string, ActionInput>;
  /** Templates of a composite action's outputs; a JavaScript action sets its own. */
  outputs: Record<string, Template>;
  runs: ActionRuns;
}

export interface ActionInput {
  required: boolean;
  default: Template;
  deprecationMessage: string | null;
}

export type ActionRuns =
  | { using: "composite"; steps: StepDefinition[] }
  | { using: "node"; main: string; pre: string | null; preIf: string; post: string | null; postIf: string }
  | { using: "unsupported"; what: string };

export type ParsedManifest = { ok: true; manifest: ActionManifest } | { ok: false; problems: string[] };

/** Reads an `action.yml` by GitHub's schema of action manifests. */
export function parseActionManifest(path: string, text: string): ParsedManifest {
  const { context, value } = parseAction({ name: path, content: text }, new NoOperationTraceWriter());
  const template =
    value && convertActionTemplate(context, value, { errorPolicy: ErrorPolicy.ReturnErrorsOnly });
  const problems = context.errors.getErrors().map((error) => error.message);
  if (problems.length > 0 || template === undefined) return { ok: false, problems };

  const root = asMapping(parse(text));
  const conditions =
    template.runs.using === "composite" ? template.runs.steps.map((step) => step.if?.expression) : [];
  const manifest: ActionManifest = {
    name: asText(root["name"]),
    inputs: readInputs(asMapping(root["inputs"])),
    outputs: readOutputs(asMapping(root["outputs"])),
    runs: readRuns(asMapping(root["runs"]), conditions),
  };
  return { ok: true, manifest };
}

/** Node 20 is at its end, so GitHub's runners start such actions with Node 24 too. */
const nodeVersions = new Set(["node20", "node24"]);

function readRuns(runs: Mapping, conditions: (string | undefined)[]): ActionRuns {
  const using = asText(runs["using"]);
  if (using === "composite") {
    const steps = Array.isArray(runs["steps"]) ? runs["steps"] : [];
    return { using, steps: steps.map((step, index) => readStep(asMapping(step), conditions[index])) };
  }
  if (!nodeVersions.has(using)) return { using: "unsupported", what: `runs.using: ${using}` };
  return {
    using: "node",
    main: asText(runs["main"]),
    pre: asText(runs["pre"]) || null,
    preIf: asText(runs["pre-if"]) || "always()",
    post: asText(runs["post"]) || null,
    postIf: asText(runs["post-if"]) || "always()",
  };
}

function readInputs(inputs: Mapping): Record<string, ActionInput> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, declared]) => {
      const source = asMapping(declared);
      const required = source["required"] === true || source["required"] === "true";
      const deprecationMessage = asText(source["deprecationMessage"]) || null;
      return [name, { required, default: source["default"], deprecationMessage }];
    }),
  );
}

function readOutputs(outputs: Mapping): Record<string, Template> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, declared]) => [name, asMapping(declared)["value"]]),
  );
}
