import { z } from "zod";
import { InRepository, placeOf } from "./payload.ts";
import { ignored, reader } from "./reader.ts";

const MergeGroupEvent = InRepository.extend({
  action: z.string(),
  merge_group: z.object({ head_sha: z.string(), head_ref: z.string() }),
});

export const readMergeGroup = reader(MergeGroupEvent, (payload) => {
  const { action, merge_group: group } = payload;
  const pullNumber = pullIn(group.head_ref);
  if (pullNumber === null) return ignored("The merge group names no pull request.");
  const queued = { ...placeOf(payload), pullNumber, sha: group.head_sha };
  switch (action) {
    case "checks_requested":
      return { ...queued, kind: "queue-entered" };
    case "destroyed":
      return { ...queued, kind: "queue-left" };
    default:
      return ignored(`A merge group that is \`${action}\` changes nothing.`);
  }
});

/** A group is named for its last pull request, `gh-readonly-queue/<base>/pr-<number>-<sha>`: those before have their own. */
function pullIn(ref: string): number | null {
  const number = /\/pr-(\d+)-[0-9a-f]+$/.exec(ref)?.[1];
  return number === undefined ? null : Number(number);
}
