import { listChangedFiles } from "../../git/changed-files.ts";
import { compareCommits } from "../../git/compare-commits.ts";
import { listCommits } from "../../git/read-commits.ts";
import { resolveCommit } from "../../git/resolve-revision.ts";
import { readCheckRollup } from "../check/read-checks.ts";
import { addressTail, encodePath } from "../code/code-path.ts";
import { viewCommit } from "../code/commit-list.ts";
import { listBranches } from "../code/find-place.ts";
import type { Page } from "../layout/page-layout.ts";
import { repositoryFrame } from "../visit/repository-frame.ts";
import { fieldValue, type RepositoryVisit } from "../visit/visit.ts";
import type { FormFields, FormOutcome, WebSite } from "../visit/web-site.ts";
import { comparePage, type CompareView } from "./compare-page.ts";

export function registerComparePages(site: WebSite): void {
  // Without scripts the form of the page can only name the two branches as parameters.
  site.repositoryPage("/compare", async (visit) => {
    const { base = visit.repository.defaultBranch, head } = visit.request.req.query();
    if (head === undefined) return showComparison(visit, base, await newestBranch(visit, base));
    return visit.request.redirect(comparePath(visit, base, head));
  });
  site.repositoryPage("/compare/*", async (visit) => {
    const tail = addressTail(visit.request.req.url) ?? "";
    const [base = "", head] = tail.split("...");
    if (head === undefined) return showComparison(visit, visit.repository.defaultBranch, base);
    return showComparison(visit, base, head);
  });
  site.repositoryForm("/pulls", (visit, fields) => openPull(site, visit, fields));
}

function comparePath(visit: RepositoryVisit, base: string, head: string): string {
  return `/${visit.fullName}/compare/${encodePath(base)}...${encodePath(head)}`;
}

/** The branch that was committed to last is most likely the one that a pull request is wanted for. */
async function newestBranch(visit: RepositoryVisit, base: string): Promise<string> {
  const branches = (await listBranches(visit)).filter(({ name }) => name !== base);
  const [newest] = await listCommits(visit.gitDir, {
    from: branches.map(({ sha }) => sha),
    order: "newest first",
    limit: 1,
  });
  return branches.find(({ sha }) => sha === newest?.oid)?.name ?? base;
}

async function showComparison(visit: RepositoryVisit, base: string, head: string): Promise<Page> {
  const action = `/${visit.fullName}/pulls`;
  const branches = await listBranches(visit);
  const comparison = await readComparison(visit, base, head);
  const isBranch = (name: string): boolean => branches.some((branch) => branch.name === name);
  const [first] = comparison?.commits ?? [];
  const draft = (name: string, fallback = ""): string => fieldValue(visit, { action, name }, fallback);
  return {
    title: `Comparing ${base}...${head}`,
    content: comparePage({
      fullName: visit.fullName,
      branches,
      base,
      head,
      comparison,
      form:
        visit.actor && isBranch(base) && isBranch(head)
          ? { title: draft("title", first?.title), body: draft("body") }
          : null,
      nowMs: visit.nowMs,
    }),
    repository: repositoryFrame(visit, "pulls"),
  };
}

async function readComparison(
  visit: RepositoryVisit,
  base: string,
  head: string,
): Promise<CompareView["comparison"]> {
  const baseSha = await resolveCommit(visit.gitDir, base);
  const headSha = await resolveCommit(visit.gitDir, head);
  if (baseSha === undefined || headSha === undefined) return null;
  const found = await compareCommits(visit.gitDir, baseSha, headSha);
  if (!found) return null;
  const commits = await listCommits(visit.gitDir, {
    from: [headSha],
    without: [baseSha],
    order: "oldest first",
  });
  return {
    headSha,
    commits: commits.map((commit) => viewCommit(commit, readCheckRollup(visit, commit.oid))),
    files: await listChangedFiles(visit.gitDir, found.mergeBase, headSha),
  };
}

async function openPull(site: WebSite, visit: RepositoryVisit, fields: FormFields): Promise<FormOutcome> {
  const base = fields.text("base");
  const head = fields.text("head");
  const answer = await site.call(visit, {
    method: "POST",
    path: `/repos/${visit.fullName}/pulls`,
    body: {
      base,
      head,
      title: fields.text("title"),
      body: fields.text("body"),
      draft: fields.text("draft") !== "",
    },
  });
  if (!answer.ok) return { location: comparePath(visit, base, head), refused: answer.sentence };
  return { location: `/${visit.fullName}/pull/${(answer.body as { number: number }).number}` };
}
