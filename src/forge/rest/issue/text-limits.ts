import { longestBody } from "../../hub/issue/comment.ts";
import { validationFailed } from "../rest-refusal.ts";

const longestTitle = 256;

export function checkTitleLength(title: string): void {
  if (title.length <= longestTitle) return;
  const message = `title is too long (maximum is ${longestTitle} characters)`;
  throw validationFailed([{ resource: "Issue", field: "title", code: "custom", message }]);
}

/** @param resource GitHub's name of what the text belongs to. */
export function checkBodyLength(body: string | null, resource: string): void {
  if (body === null || body.length <= longestBody) return;
  const message = `body is too long (maximum is ${longestBody} characters)`;
  throw validationFailed([{ resource, field: "body", code: "custom", message }]);
}
