import { z } from "zod";
import { InRepository, placeOf } from "./payload.ts";
import { ignored, reader } from "./reader.ts";

const RepositoryEvent = InRepository.extend({
  action: z.string(),
  changes: z.object({ default_branch: z.object({ from: z.string() }).optional() }).optional(),
});

export const readRepository = reader(RepositoryEvent, (payload) => {
  const { action, changes } = payload;
  const place = placeOf(payload);
  const from = changes?.default_branch?.from;
  switch (action) {
    case "edited":
      if (from === undefined) return ignored("The default branch is the same as before.");
      return { ...place, kind: "default-branch-renamed", from };
    case "renamed":
      return { ...place, kind: "repository-renamed" };
    case "deleted":
    case "archived":
    case "transferred":
      return { ...place, kind: "repository-gone", why: action };
    default:
      return ignored(`Nothing follows from \`${action}\`.`);
  }
});
