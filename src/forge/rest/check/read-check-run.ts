import type { CheckAnnotation, CheckRun } from "../../hub/entity/check.ts";
import type { CheckRunFields } from "../../hub/check/check-run.ts";
import type { RequestBody } from "../request-body.ts";
import { invalidRequest, RestRefusal } from "../rest-refusal.ts";

/** GitHub's limits for one request, from "Create a check run". */
const MOST_ANNOTATIONS = 50;
const MOST_ACTIONS = 3;
const LONGEST_TEXT = 65_535;
const LONGEST_ACTION = { label: 20, description: 40, identifier: 20 };
const LONGEST_ANNOTATION_BYTES = 64 * 1024;

const STATUSES = ["queued", "in_progress", "completed"] as const;
/** `stale` is GitHub's own; nobody can set it. */
const CONCLUSIONS = [
  "action_required",
  "cancelled",
  "failure",
  "neutral",
  "success",
  "skipped",
  "timed_out",
] as const;

/** What creating and updating a check run have in common. */
export function readCheckRunFields(body: RequestBody): Omit<CheckRunFields, "name"> {
  const status = body.oneOf("status", STATUSES);
  const conclusion = body.oneOf("conclusion", CONCLUSIONS);
  if (status === "completed" && conclusion === undefined) {
    throw invalidRequest(`"conclusion" wasn't supplied.`);
  }
  const output = body.object("output");
  const startedAt = readTime(body, "started_at");
  const completedAt = readTime(body, "completed_at");
  const externalId = body.string("external_id");
  const detailsUrl = body.string("details_url");
  return {
    ...(status !== undefined && { status }),
    ...(conclusion !== undefined && { conclusion }),
    ...(startedAt !== undefined && { startedAt }),
    ...(completedAt !== undefined && { completedAt }),
    ...(externalId !== undefined && { externalId }),
    ...(detailsUrl !== undefined && { detailsUrl: checkUrl(detailsUrl) }),
    ...(output !== undefined && { output: readOutput(output), annotations: readAnnotations(output) }),
    ...(body.has("actions") && { actions: readActions(body.objects("actions") ?? []) }),
  };
}

function readTime(body: RequestBody, name: string): string | undefined {
  const text = body.string(name);
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw invalidRequest(`${JSON.stringify(text)} is not a valid date-time.`);
  return time.toISOString().replace(/\.\d{3}Z$/, "Z");
}

function checkUrl(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new RestRefusal(422, "Validation Failed", [
    {
      resource: "CheckRun",
      field: "details_url",
      code: "custom",
      message: "details_url must use http or https scheme",
    },
  ]);
}

function readOutput(output: RequestBody): NonNullable<CheckRunFields["output"]> {
  const title = output.string("title");
  if (title === undefined) throw invalidRequest(`"title" wasn't supplied.`);
  const summary = output.string("summary");
  if (summary === undefined) throw invalidRequest(`"summary" wasn't supplied.`);
  const text = output.string("text") ?? null;
  checkLength(summary, LONGEST_TEXT);
  checkLength(text ?? "", LONGEST_TEXT);
  return { title, summary, text };
}

function readAnnotations(output: RequestBody): CheckAnnotation[] {
  const items = output.objects("annotations") ?? [];
  checkCount(items, MOST_ANNOTATIONS);
  return items.map((item) => {
    const level = item.oneOf("annotation_level", ["notice", "warning", "failure"]);
    if (level === undefined) throw invalidRequest(`"annotation_level" wasn't supplied.`);
    const message = requireText(item, "message");
    checkLength(message, LONGEST_ANNOTATION_BYTES);
    return {
      path: requireText(item, "path"),
      startLine: requireInteger(item, "start_line"),
      endLine: requireInteger(item, "end_line"),
      startColumn: item.integer("start_column") ?? null,
      endColumn: item.integer("end_column") ?? null,
      level,
      message,
      title: item.string("title") ?? null,
      rawDetails: item.string("raw_details") ?? null,
    };
  });
}

function readActions(items: readonly RequestBody[]): CheckRun["actions"] {
  checkCount(items, MOST_ACTIONS);
  return items.map((item) => {
    const action = {
      label: requireText(item, "label"),
      description: requireText(item, "description"),
      identifier: requireText(item, "identifier"),
    };
    for (const name of ["label", "description", "identifier"] as const) {
      checkLength(action[name], LONGEST_ACTION[name]);
    }
    return action;
  });
}

function requireText(item: RequestBody, name: string): string {
  const text = item.string(name);
  if (text === undefined) throw invalidRequest(`"${name}" wasn't supplied.`);
  return text;
}

function requireInteger(item: RequestBody, name: string): number {
  const value = item.integer(name);
  if (value === undefined) throw invalidRequest(`"${name}" wasn't supplied.`);
  return value;
}

function checkCount(items: readonly unknown[], most: number): void {
  if (items.length <= most) return;
  throw invalidRequest(`No more than ${most} items are allowed; ${items.length} were supplied.`);
}

function checkLength(text: string, longest: number): void {
  if (text.length <= longest) return;
  throw invalidRequest(`Only ${longest} characters are allowed; ${text.length} were supplied.`);
}
