import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import { diffText, listChangedFiles, patchText } from "../../git/changed-files.ts";
import { findMergeBase } from "../../git/compare-commits.ts";
import { listCommits } from "../../git/read-commits.ts";
import type { Pull } from "../../hub/entity/pull.ts";
import type { Hub } from "../../hub/hub.ts";
import { refreshMergeability } from "../../hub/pull/mergeability.ts";
import { mediaType } from "../code/media-type.ts";
import { paginate } from "../paginate.ts";
import { presentChangedFile, presentCommit } from "../present/present-commit.ts";
import { presentFullPull, presentPull } from "../present/present-pull.ts";
import { readBody } from "../request-body.ts";
import { requireRepository } from "../require-access.ts";
import { editPullRequest } from "./edit-pull-request.ts";
import { listPulls } from "./list-pulls.ts";
import { openPullRequest } from "./open-pull-request.ts";
import { readPulls, requirePull, writePulls } from "./require-pull.ts";

/** GitHub lists at most these many of a pull request; the rest is found by comparing. */
const MOST_COMMITS = 250;
const MOST_FILES = 3000;

export function registerPullsResource({ rest, hub }: ForgeContext): void {
  rest.get("/repos/:owner/:repo/pulls", (c) => {
    const repository = requireRepository(c, hub, readPulls);
    const page = paginate(c, hub, listPulls(hub, repository, c.req.query()));
    return c.json(page.map((pull) => presentPull(hub, pull)));
  });

  rest.post("/repos/:owner/:repo/pulls", async (c) => {
    const repository = requireRepository(c, hub, writePulls);
    const pull = await openPullRequest(c, hub, { repository, body: await readBody(c) });
    const presented = presentFullPull(hub, pull);
    c.header("location", presented.url);
    return c.json(presented, 201);
  });

  rest.get("/repos/:owner/:repo/pulls/:number{[0-9]+}", async (c) => {
    const { pull } = requirePull(c, hub, readPulls);
    return answer(c, hub, pull);
  });

  rest.patch("/repos/:owner/:repo/pulls/:number{[0-9]+}", async (c) => {
    const { repository, pull } = requirePull(c, hub, writePulls);
    const edited = await editPullRequest(c, hub, { repository, pull, body: await readBody(c) });
    return c.json(presentFullPull(hub, await refreshMergeability(hub, edited)));
  });

  rest.get("/repos/:owner/:repo/pulls/:number{[0-9]+}/commits", async (c) => {
    const { repository, pull } = requirePull(c, hub, readPulls);
    const { gitDir, before } = await changedRange(hub, pull);
    const walk = { from: [pull.head.sha], without: [before], order: "oldest first" } as const;
    const commits = await listCommits(gitDir, { ...walk, limit: MOST_COMMITS });
    return c.json(paginate(c, hub, commits).map((commit) => presentCommit(hub, repository, commit)));
  });

  rest.get("/repos/:owner/:repo/pulls/:number{[0-9]+}/files", async (c) => {
    const { repository, pull } = requirePull(c, hub, readPulls);
    const { gitDir, before } = await changedRange(hub, pull);
    const files = (await listChangedFiles(gitDir, before, pull.head.sha)).slice(0, MOST_FILES);
    const commit = pull.head.sha;
    return c.json(
      paginate(c, hub, files).map((file) => presentChangedFile(hub, repository, { file, commit })),
    );
  });

  // The forge takes no comments on lines; there are none to list.
  rest.get("/repos/:owner/:repo/pulls/:number{[0-9]+}/comments", (c) => {
    requirePull(c, hub, readPulls);
    return c.json([]);
  });
}

async function answer(c: ForgeRequest, hub: Hub, pull: Pull): Promise<Response> {
  const form = mediaType(c);
  if (form === "diff" || form === "patch") {
    const { gitDir, before } = await changedRange(hub, pull);
    const render = form === "diff" ? diffText : patchText;
    return c.text((await render(gitDir, before, pull.head.sha)).toString("utf8"));
  }
  return c.json(presentFullPull(hub, await refreshMergeability(hub, pull)));
}

/** From where the head left the base: for merged pull requests, as it was when they were merged. */
async function changedRange(hub: Hub, pull: Pull): Promise<{ gitDir: string; before: string }> {
  const gitDir = hub.gitDirectory(pull.repositoryId);
  const before = await findMergeBase(gitDir, pull.base.sha, pull.head.sha);
  return { gitDir, before: before ?? pull.base.sha };
}
