import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import { diffText, listChangedFiles, patchText } from "../../git/changed-files.ts";
import { compareCommits, type Comparison } from "../../git/compare-commits.ts";
import { listCommits, readCommits } from "../../git/read-commits.ts";
import { resolveCommit } from "../../git/resolve-revision.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import { findRepository } from "../../hub/find-repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { fetchObjects } from "../../hub/pull/measure-pull.ts";
import { checkAccess } from "../../hub/repository-access.ts";
import { repositoryApiUrl, repositoryWebUrl } from "../present/api-url.ts";
import { presentChangedFile, presentCommit } from "../present/present-commit.ts";
import { requireRepository } from "../require-access.ts";
import { notFound, RestRefusal } from "../rest-refusal.ts";
import { readCode } from "./code-access.ts";
import { mediaType } from "./media-type.ts";

/** GitHub shows the first 300 files of a comparison, on its first page only. */
const MOST_FILES = 300;
const DEFAULT_PAGE_SIZE = 250;

export function registerCompareResource({ rest, hub }: ForgeContext): void {
  rest.get("/repos/:owner/:repo/compare/:basehead{.+}", async (c) => {
    const repository = requireRepository(c, hub, readCode);
    const [baseName = "", headName, ...rest] = c.req.param("basehead").split("...");
    if (headName === undefined || rest.length > 0) throw notFound();
    const base = await resolveEnd(c, hub, { repository, name: baseName });
    const head = await resolveEnd(c, hub, { repository, name: headName });
    const gitDir = hub.gitDirectory(repository.id);
    const comparison = await compareCommits(gitDir, base, head);
    if (comparison === undefined) {
      throw new RestRefusal(404, `No common ancestor between ${baseName} and ${headName}.`);
    }
    switch (mediaType(c)) {
      case "diff":
        return c.text((await diffText(gitDir, comparison.mergeBase, head)).toString("utf8"));
      case "patch":
        return c.text((await patchText(gitDir, comparison.mergeBase, head)).toString("utf8"));
      case "json":
      case "sha":
        return c.json(await present(c, hub, { repository, base, head, comparison }));
    }
  });
}

/** `branch`, `owner:branch` or `owner:repository:branch`; the latter two in a fork or its parent. */
async function resolveEnd(
  c: ForgeRequest,
  hub: Hub,
  { repository, name }: { repository: Repository; name: string },
): Promise<string> {
  const [revision = "", second, third] = name.split(":").reverse();
  const gitDir = hub.gitDirectory(repository.id);
  const elsewhere =
    second === undefined
      ? repository
      : findRepository(hub, third ?? second, third === undefined ? repository.name : second);
  if (elsewhere === undefined) throw notFound();
  const caller = c.get("caller");
  if (checkAccess(hub, { caller, repository: elsewhere, request: readCode }) !== "granted") throw notFound();
  const oid = await resolveCommit(hub.gitDirectory(elsewhere.id), revision);
  if (oid === undefined) throw notFound();
  if (elsewhere.id !== repository.id) await fetchObjects(gitDir, hub.gitDirectory(elsewhere.id), oid);
  return oid;
}

interface Compared {
  repository: Repository;
  base: string;
  head: string;
  comparison: Comparison;
}

async function present(c: ForgeRequest, hub: Hub, { repository, base, head, comparison }: Compared) {
  const gitDir = hub.gitDirectory(repository.id);
  const size = Math.min(Number(c.req.query("per_page") ?? DEFAULT_PAGE_SIZE) || DEFAULT_PAGE_SIZE, 250);
  const page = Math.max(1, Number(c.req.query("page") ?? 1) || 1);
  const window = { skip: (page - 1) * size, limit: size };
  const walk = { from: [head], without: [base], order: "oldest first", ...window } as const;
  const commits = await listCommits(gitDir, walk);
  const [baseCommit, mergeBase] = await readCommits(gitDir, [base, comparison.mergeBase]);
  if (baseCommit === undefined || mergeBase === undefined) throw new Error("A compared commit vanished");
  const files = page === 1 ? await listChangedFiles(gitDir, comparison.mergeBase, head) : [];
  const web = `${repositoryWebUrl(hub, repository)}/compare`;
  const basehead = c.req.param("basehead") ?? "";
  return {
    url: `${repositoryApiUrl(hub, repository)}/compare/${basehead}`,
    html_url: `${web}/${basehead}`,
    permalink_url: `${web}/${base.slice(0, 7)}...${head.slice(0, 7)}`,
    diff_url: `${web}/${basehead}.diff`,
    patch_url: `${web}/${basehead}.patch`,
    base_commit: presentCommit(hub, repository, baseCommit),
    merge_base_commit: presentCommit(hub, repository, mergeBase),
    status: statusOf(comparison),
    ahead_by: comparison.aheadBy,
    behind_by: comparison.behindBy,
    total_commits: comparison.aheadBy,
    commits: commits.map((commit) => presentCommit(hub, repository, commit)),
    files: files
      .slice(0, MOST_FILES)
      .map((file) => presentChangedFile(hub, repository, { file, commit: head })),
  };
}

function statusOf({ aheadBy, behindBy }: Comparison): "diverged" | "ahead" | "behind" | "identical" {
  if (aheadBy > 0) return behindBy > 0 ? "diverged" : "ahead";
  return behindBy > 0 ? "behind" : "identical";
}
