import type { Briefing } from "../../contract/briefing.ts";
import { mayAsk } from "../briefing/may-ask.ts";

/**
 * What an agent gives back in a stage, as a JSON schema that every provider takes: no key is optional there, so that
 * what is not given is null (give-back.ts drops it).
 */
export function resultSchema({
  stage,
  role,
}: Pick<Briefing, "stage" | "role">): Readonly<Record<string, unknown>> {
  const properties = {
    summary: {
      type: "string",
      description: "Two or three sentences of Markdown for the people who follow the issue.",
    },
    ...(stage === "plan" ? { plan: PLAN } : {}),
    ...(stage === "review" ? { verdict: { type: ["string", "null"], enum: [...VERDICTS, null] } } : {}),
    ...(mayAsk(role) ? { question: QUESTION } : {}),
  };
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

const QUESTION = {
  type: ["string", "null"],
  description: "Null, or one question for a person without whose answer the work cannot go on.",
};

const VERDICTS = ["approve", "request-changes"];

const PLAN = {
  type: ["object", "null"],
  properties: {
    text: { type: "string", description: "The plan, Markdown." },
    paths: {
      type: "array",
      items: { type: "string" },
      description: "Globs of the files that it means to change.",
    },
  },
  required: ["text", "paths"],
  additionalProperties: false,
};
