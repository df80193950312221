import { z } from "zod";
import type { AttemptId } from "../../../base/ids.ts";
import { ATTEMPT_TRAILER } from "../../../contract/attempt-api.ts";
import { InRepository, placeOf } from "./payload.ts";
import { BRANCH_PREFIX, ignored, reader } from "./reader.ts";

const Paths = z.array(z.string()).optional();

const PushEvent = InRepository.extend({
  ref: z.string(),
  before: z.string(),
  after: z.string(),
  created: z.boolean(),
  deleted: z.boolean(),
  forced: z.boolean(),
  head_commit: z.object({ message: z.string() }).nullish(),
  commits: z.array(z.object({ added: Paths, modified: Paths, removed: Paths })),
});
type PushEvent = z.infer<typeof PushEvent>;

/** GitHub names no more commits than this in one push. */
const MAX_COMMITS = 2_048;

const HEADS = "refs/heads/";

export const readPush = reader(PushEvent, (payload) => {
  const { ref, before, after, forced } = payload;
  const place = placeOf(payload);
  if (!ref.startsWith(HEADS)) return ignored("Only branches matter, not tags.");
  const branch = ref.slice(HEADS.length);
  if (branch.startsWith(BRANCH_PREFIX)) {
    return payload.deleted
      ? { ...place, kind: "branch-deleted", branch, before }
      : {
          ...place,
          kind: "branch-pushed",
          branch,
          before,
          sha: after,
          forced,
          attempt: attemptIn(payload.head_commit?.message ?? ""),
        };
  }
  if (branch !== place.repository.defaultBranch) return ignored("The branch is none of Baton's.");
  if (payload.deleted || !mayTouchPolicy(payload)) return ignored("The push does not touch the policy.");
  return { ...place, kind: "policy-changed", sha: after };
});

/** From the trailers, the message's last paragraph: what stands before them is in an issue's words. */
function attemptIn(message: string): AttemptId | null {
  const trailers = message.trimEnd().split(/\n\n+/).at(-1) ?? "";
  const named = new RegExp(`^${ATTEMPT_TRAILER}: (\\d+-\\d+-\\d+\\.\\d+)$`, "m").exec(trailers);
  return (named?.[1] as AttemptId | undefined) ?? null;
}

/** A push that took commits away, or that names not all of its commits, may have touched anything. */
function mayTouchPolicy({ created, forced, commits }: PushEvent): boolean {
  if (created || forced || commits.length >= MAX_COMMITS) return true;
  return commits.some(({ added = [], modified = [], removed = [] }) =>
    [...added, ...modified, ...removed].some(isPolicyPath),
  );
}

/** The policy itself, and what it refers to: the repository's own roles. */
function isPolicyPath(path: string): boolean {
  return path === ".github/baton.yml" || path.startsWith(".github/baton/");
}
