import { z } from "zod";
import type { Intent } from "../../../app/intent.ts";
import { InRepository, IssueFields, issueOf, placeOf } from "./payload.ts";
import { ignored, isOwn, reader, type OwnTraces } from "./reader.ts";

const Changes = z.object({ title: z.object({}).optional(), body: z.object({}).optional() });

const IssuesEvent = InRepository.extend({
  action: z.string(),
  issue: IssueFields,
  label: z.object({ name: z.string() }).optional(),
  changes: Changes.optional(),
});

const GONE: ReadonlyMap<string, "closed" | "deleted" | "transferred"> = new Map([
  ["closed", "closed"],
  ["deleted", "deleted"],
  ["transferred", "transferred"],
]);

export const readIssues = reader(IssuesEvent, (payload, own) => {
  const { action, label, changes } = payload;
  const place = placeOf(payload);
  if (isOwn(place.sender.login, own)) return ignored("Baton changed the issue itself.");
  const of = { ...place, issue: issueOf(payload.issue), isPull: false };
  const gone = GONE.get(action);
  if (gone !== undefined) return { ...of, kind: "issue-closed", why: gone };
  if (action === "reopened") return { ...of, kind: "issue-reopened" };
  if (action === "edited") return edited(of, changes ?? {});
  return labelIntent(of, { action, label }, own);
});

type OfIssue = Omit<Extract<Intent, { kind: "issue-reopened" }>, "kind">;

/** Labels of issues and of pull requests come as different events that say the same. */
export function labelIntent(
  of: OfIssue,
  { action, label }: { readonly action: string; readonly label?: { readonly name: string } | undefined },
  own: OwnTraces,
): Intent {
  if (isOwn(of.sender.login, own)) return ignored("Baton changed the labels itself.");
  if (label !== undefined && action === "labeled") return { ...of, kind: "label-added", label: label.name };
  if (label !== undefined && action === "unlabeled")
    return { ...of, kind: "label-removed", label: label.name };
  return ignored(`Nothing follows from \`${action}\`.`);
}

function edited(of: OfIssue, changes: z.infer<typeof Changes>): Intent {
  const changed = (["title", "body"] as const).filter((part) => changes[part] !== undefined);
  return changed.length === 0
    ? ignored("Neither title nor body was edited.")
    : { ...of, kind: "issue-edited", changed };
}
