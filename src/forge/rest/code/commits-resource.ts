import type { ForgeContext } from "../../forge-context.ts";
import { diffText, listChangedFiles, patchText } from "../../git/changed-files.ts";
import { listCommitIds, readCommits, type Commit } from "../../git/read-commits.ts";
import { isAncestor } from "../../git/read-refs.ts";
import { resolveCommit } from "../../git/resolve-revision.ts";
import type { Pull } from "../../hub/entity/pull.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { paginate } from "../paginate.ts";
import { presentCommit, presentFullCommit } from "../present/present-commit.ts";
import { presentPull } from "../present/present-pull.ts";
import { requireRepository } from "../require-access.ts";
import { RestRefusal, unsupported } from "../rest-refusal.ts";
import { readCode, requireCommitId } from "./code-access.ts";
import { mediaType } from "./media-type.ts";

export function registerCommitsResource({ rest, hub }: ForgeContext): void {
  rest.get("/repos/:owner/:repo/commits", async (c) => {
    const repository = requireRepository(c, hub, readCode);
    for (const name of ["author", "committer", "since", "until"]) {
      if (c.req.query(name) !== undefined) throw unsupported(`listing commits by ${name}`);
    }
    const gitDir = hub.gitDirectory(repository.id);
    const start = await resolveCommit(gitDir, c.req.query("sha") ?? repository.defaultBranch);
    if (start === undefined && c.req.query("sha") === undefined) {
      throw new RestRefusal(409, "Git Repository is empty.");
    }
    if (start === undefined) throw new RestRefusal(404, "Not Found");
    const path = c.req.query("path");
    const walk = { from: [start], order: "newest first", ...(path !== undefined && { path }) } as const;
    const page = paginate(c, hub, await listCommitIds(gitDir, walk));
    const commits = await readCommits(gitDir, page);
    return c.json(commits.map((commit) => presentCommit(hub, repository, commit)));
  });

  rest.get("/repos/:owner/:repo/commits/:sha/pulls", async (c) => {
    const repository = requireRepository(c, hub, { ...readCode, alternatives: ["pull_requests"] });
    const sha = await requireCommitId(hub, repository, c.req.param("sha"));
    const pulls = await pullsHolding(hub, repository, sha);
    return c.json(paginate(c, hub, pulls).map((pull) => presentPull(hub, pull)));
  });

  rest.get("/repos/:owner/:repo/commits/:ref{.+}", async (c) => {
    const repository = requireRepository(c, hub, readCode);
    const gitDir = hub.gitDirectory(repository.id);
    const sha = await requireCommitId(hub, repository, c.req.param("ref"));
    const [commit] = await readCommits(gitDir, [sha]);
    if (commit === undefined) throw new Error(`The commit ${sha} vanished`);
    switch (mediaType(c)) {
      case "sha":
        return c.text(sha, 200, { "content-type": "application/vnd.github.sha; charset=utf-8" });
      case "diff":
        return c.text((await diffText(gitDir, parentOrEmpty(commit), sha)).toString("utf8"));
      case "patch":
        return c.text((await patchText(gitDir, parentOrEmpty(commit), sha)).toString("utf8"));
      case "json": {
        const files = await listChangedFiles(gitDir, commit.parents[0], sha);
        return c.json(presentFullCommit(hub, repository, { commit, files }));
      }
    }
  });
}

/** The id that git gives the empty tree, which a first commit is compared with. */
const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

function parentOrEmpty(commit: Commit): string {
  return commit.parents[0] ?? EMPTY_TREE;
}

/** Pull requests that brought the commit, or open ones that offer it. */
async function pullsHolding(hub: Hub, repository: Repository, sha: string): Promise<Pull[]> {
  const gitDir = hub.gitDirectory(repository.id);
  const found: Pull[] = [];
  for (const pull of hub.store.pulls.find({ repositoryId: repository.id })) {
    if (pull.mergeCommitSha === sha && pull.merged) found.push(pull);
    else if (await offers(gitDir, pull, sha)) found.push(pull);
  }
  return found;
}

async function offers(gitDir: string, { head, base }: Pull, sha: string): Promise<boolean> {
  return (await isAncestor(gitDir, sha, head.sha)) && !(await isAncestor(gitDir, sha, base.sha));
}
