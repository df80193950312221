import { parse } from "yaml";

import type { Template } from "../expression/interpolate.ts";
import {
  convertWorkflowTemplate,
  ErrorPolicy,
  NoOperationTraceWriter,
  parseWorkflow as parseTemplate,
} from "../github-parser.ts";
import { readStep } from "./read-step.ts";
import { asMapping, asText, type Mapping } from "./template-value.ts";
import type { DispatchInput, EventFilter, JobDefinition, RunDefaults, Workflow } from "./workflow.ts";

export type ParsedWorkflow = { ok: true; workflow: Workflow } | { ok: false; problems: string[] };

type WorkflowTemplate = Awaited<ReturnType<typeof convertWorkflowTemplate>>;
type JobTemplate = WorkflowTemplate["jobs"][number];

/**
 * Reads a workflow file. GitHub's parser judges its structure and gives the `if` conditions; the values come
 * from `yaml`, because the parser keeps the raw indentation of block scalars that hold `${{ }}`.
 */
export async function parseWorkflow(path: string, text: string): Promise<ParsedWorkflow> {
  const { context, value } = parseTemplate({ name: path, content: text }, new NoOperationTraceWriter());
  const template =
    value &&
    (await convertWorkflowTemplate(context, value, undefined, { errorPolicy: ErrorPolicy.ReturnErrorsOnly }));
  const problems = context.errors.getErrors().map((error) => error.message);
  // Where YAML itself is broken, all but the first complaint follow from that one.
  if (value === undefined) return { ok: false, problems: problems.slice(0, 1) };
  if (problems.length > 0 || template === undefined) return { ok: false, problems };

  const root = asMapping(parse(text));
  const jobs = asMapping(root["jobs"]);
  const workflow: Workflow = {
    path,
    name: asText(root["name"]) || path,
    runName: root["run-name"],
    triggers: template.events as Record<string, EventFilter>,
    inputs: readInputs(root["on"]),
    permissions: root["permissions"],
    env: asMapping(root["env"]),
    defaults: readDefaults(root),
    concurrency: root["concurrency"],
    jobs: template.jobs.map((job) => readJob(job, asMapping(jobs[job.id.value]))),
  };
  return { ok: true, workflow };
}

function readJob(template: JobTemplate, source: Mapping): JobDefinition {
  const steps = Array.isArray(source["steps"]) ? source["steps"] : [];
  const conditions = template.type === "job" ? template.steps.map((step) => step.if?.expression) : [];
  return {
    key: template.id.value,
    name: source["name"],
    needs: (template.needs ?? []).map((need) => need.value),
    if: template.if.expression,
    runsOn: source["runs-on"],
    permissions: source["permissions"],
    environment: source["environment"],
    concurrency: source["concurrency"],
    strategy: asMapping(source["strategy"]),
    env: asMapping(source["env"]),
    defaults: readDefaults(source),
    outputs: asMapping(source["outputs"]),
    timeoutMinutes: source["timeout-minutes"],
    continueOnError: source["continue-on-error"],
    steps: steps.map((step, index) => readStep(asMapping(step), conditions[index])),
    unsupported: unsupportedFeatures(source),
  };
}

function unsupportedFeatures(job: Mapping): string[] {
  const found = ["container", "services", "snapshot"].filter((key) => job[key] != null);
  if (job["uses"] != null) found.push(`reusable workflows (${asText(job["uses"])})`);
  return found;
}

function readDefaults(source: Mapping): RunDefaults {
  return asMapping(asMapping(source["defaults"])["run"]);
}

const inputTypes = new Set(["string", "boolean", "number", "choice", "environment"]);

function readInputs(on: Template): Record<string, DispatchInput> {
  const inputs = asMapping(asMapping(asMapping(on)["workflow_dispatch"])["inputs"]);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, declared]) => {
      const source = asMapping(declared);
      const type = asText(source["type"]);
      const options = Array.isArray(source["options"]) ? source["options"].map(asText) : [];
      const fallback = source["default"];
      const input: DispatchInput = {
        type: inputTypes.has(type) ? (type as DispatchInput["type"]) : "string",
        required: source["required"] === true,
        default: typeof fallback === "object" || fallback === undefined ? null : fallback,
        options,
      };
      return [name, input];
    }),
  );
}
