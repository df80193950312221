import { z } from "zod";
import type { Intent } from "../../../app/intent.ts";
import { InRepository, IssueFields, PullFields, issueOf, placeOf, pullOf } from "./payload.ts";
import { labelIntent } from "./issues.ts";
import { ignored, isOwn, reader } from "./reader.ts";

const PullRequestEvent = InRepository.extend({
  action: z.string(),
  pull_request: PullFields.extend(IssueFields.shape).extend({
    merged: z.boolean().nullish(),
    merge_commit_sha: z.string().nullish(),
  }),
  label: z.object({ name: z.string() }).optional(),
  changes: z.object({ base: z.object({}).optional() }).optional(),
});
type PullRequestEvent = z.infer<typeof PullRequestEvent>;

type PullUpdated = Extract<Intent, { kind: "pull-updated" }>;

export const readPullRequest = reader(PullRequestEvent, (payload, own) => {
  const { action, pull_request: pull } = payload;
  const place = placeOf(payload);
  const of = { ...place, pull: pullOf(pull) };
  if (action === "closed") {
    const mergeSha = pull.merged === true ? (pull.merge_commit_sha ?? null) : null;
    return { ...of, kind: "pull-closed", mergeSha };
  }
  const change = changeOf(payload);
  if (change !== null) {
    if (isOwn(place.sender.login, own)) return ignored("Baton changed the pull request itself.");
    return { ...of, kind: "pull-updated", change };
  }
  return labelIntent({ ...place, issue: issueOf(pull), isPull: true }, payload, own);
});

function changeOf({ action, changes }: PullRequestEvent): PullUpdated["change"] | null {
  switch (action) {
    case "opened":
    case "reopened":
      return action;
    case "synchronize":
      return "synchronized";
    case "edited":
      return changes?.base === undefined ? null : "retargeted";
    default:
      return null;
  }
}
