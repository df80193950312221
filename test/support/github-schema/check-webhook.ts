import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

import type { SchemaProblem } from "./check-rest.ts";
import { isExcepted } from "./exceptions.ts";
import { validatorOptions } from "./validator-options.ts";

interface WebhookDescription {
  webhooks: Record<
    string,
    { post: { requestBody: { content: { "application/json": { schema: { $ref: string } } } } } }
  >;
}

const documentId = "https://github.schema/webhooks";

const file = createRequire(import.meta.url).resolve(
  "@octokit/openapi-webhooks/generated/api.github.com.json",
);
const description = JSON.parse(readFileSync(file, "utf8")) as WebhookDescription;

const ajv = new Ajv2020(validatorOptions);
addFormats.default(ajv);
ajv.addFormat("int64", true);
ajv.addSchema({ $id: documentId, ...description });

const compiled = new Map<string, ValidateFunction>();

/** What GitHub's description of its webhooks has against a payload. */
export function checkWebhook({ event, payload }: { event: string; payload: unknown }): SchemaProblem[] {
  const name = webhookName(event, payload);
  const described = description.webhooks[name];
  if (described === undefined) return [{ where: name, at: "", message: "GitHub describes no such webhook" }];
  let check = compiled.get(name);
  if (check === undefined) {
    const { $ref } = described.post.requestBody.content["application/json"].schema;
    check = ajv.compile({ $ref: documentId + $ref });
    compiled.set(name, check);
  }
  if (check(payload)) return [];
  return (check.errors ?? [])
    .map((error) => ({
      where: name,
      at: error.instancePath,
      message: `${error.message ?? "is invalid"} ${JSON.stringify(error.params)}`,
    }))
    .filter((problem) => !isExcepted({ kind: "webhook", ...problem }));
}

/** `issues` with the action `opened` is described as `issues-opened`. */
function webhookName(event: string, payload: unknown): string {
  const action =
    typeof payload === "object" && payload !== null && "action" in payload ? payload.action : undefined;
  const name = typeof action === "string" ? `${event}-${action}` : event;
  return name.replaceAll("_", "-");
}
