import { listChangedFiles } from "../../git/changed-files.ts";
import { listCommits, readCommit } from "../../git/read-commits.ts";
import { readObject } from "../../git/read-objects.ts";
import { readEntry, readTree, type TreeEntry } from "../../git/read-tree.ts";
import { resolveCommit } from "../../git/resolve-revision.ts";
import { readCheckRollup } from "../check/read-checks.ts";
import { viewChecks } from "../check/view-checks.ts";
import { html, type Html } from "../html.ts";
import type { Page } from "../layout/page-layout.ts";
import { renderMarkdown } from "../markdown/render-markdown.ts";
import { repositoryFrame } from "../visit/repository-frame.ts";
import type { RepositoryVisit } from "../visit/visit.ts";
import type { WebSite } from "../visit/web-site.ts";
import { blobPage } from "./blob-page.ts";
import { addressTail, encodePath } from "./code-path.ts";
import { codePage, emptyRepositoryPage, type AboutView } from "./code-page.ts";
import { commitList, commitTitle, viewCommit } from "./commit-list.ts";
import { commitPage } from "./commit-page.ts";
import { findPlace, listBranches, type Place } from "./find-place.ts";
import { readBlobContent, rawFile } from "./read-blob.ts";

export function registerCodePages(site: WebSite): void {
  site.repositoryPage("", frontPage);
  site.repositoryPage("/tree/*", async (visit) => {
    const place = await findPlace(visit);
    return place && folderPage(visit, place, null);
  });
  site.repositoryPage("/blob/*", filePage);
  site.repositoryPage("/raw/*", async (visit) => {
    const place = await findPlace(visit);
    return place && rawFile(visit, place);
  });
  site.repositoryPage("/commits/*", historyPage);
  site.repositoryPage("/commit/*", showCommit);
}

function framed(visit: RepositoryVisit, title: string, content: Html): Page {
  return { title, content, repository: repositoryFrame(visit, "code") };
}

async function frontPage(visit: RepositoryVisit): Promise<Page | null> {
  const { repository } = visit;
  const cloneUrl = `${visit.hub.url}/${visit.fullName}.git`;
  const sha = await resolveCommit(visit.gitDir, `refs/heads/${repository.defaultBranch}`);
  if (sha === undefined) return framed(visit, visit.fullName, emptyRepositoryPage(cloneUrl));
  const commits = await listCommits(visit.gitDir, { from: [sha], order: "newest first", limit: 5 });
  return folderPage(
    visit,
    { reference: repository.defaultBranch, sha, path: "" },
    {
      description: repository.description,
      cloneUrl,
      branches: await listBranches(visit),
      defaultBranch: repository.defaultBranch,
      commits: commits.map((commit) => viewCommit(commit, null)),
    },
  );
}

async function folderPage(
  visit: RepositoryVisit,
  place: Place,
  about: AboutView | null,
): Promise<Page | null> {
  const folder = await readEntry(visit.gitDir, place.sha, place.path);
  if (folder?.type !== "tree") return null;
  const entries = (await readTree(visit.gitDir, folder.oid)) ?? [];
  const walk = {
    from: [place.sha],
    order: "newest first",
    limit: 1,
    ...(place.path !== "" && { path: place.path }),
  };
  const [latest] = await listCommits(visit.gitDir, walk as Parameters<typeof listCommits>[1]);
  if (!latest) return null;
  const view = {
    fullName: visit.fullName,
    place,
    branches: await listBranches(visit),
    defaultBranch: visit.repository.defaultBranch,
    entries,
    latest: viewCommit(latest, readCheckRollup(visit, latest.oid)),
    readme: await readReadme(visit, place, entries),
    nowMs: visit.nowMs,
  };
  return framed(visit, place.path === "" ? "Code" : place.path, codePage(view, about));
}

async function readReadme(
  visit: RepositoryVisit,
  place: Place,
  entries: readonly TreeEntry[],
): Promise<{ name: string; content: Html } | null> {
  const entry = entries.find(
    ({ path, type }) => type === "blob" && /^readme(?:\.(?:md|markdown|txt))?$/i.test(path),
  );
  const object = entry && (await readObject(visit.gitDir, entry.oid));
  if (!entry || !object) return null;
  const text = object.content.toString("utf8");
  const content = /\.(?:md|markdown)$/i.test(entry.path)
    ? renderDocument(visit, place.reference, place.path, text)
    : html`<pre class="plain-text">${text}</pre>`;
  return { name: entry.path, content };
}

/** @param folder where the document lies, for its relative links */
function renderDocument(visit: RepositoryVisit, reference: string, folder: string, text: string): Html {
  const tail = `${encodePath(reference)}/${folder === "" ? "" : `${encodePath(folder)}/`}`;
  return renderMarkdown(text, {
    repository: visit.fullName,
    keepLineBreaks: false,
    place: { pages: `/${visit.fullName}/blob/${tail}`, files: `/${visit.fullName}/raw/${tail}` },
  });
}

async function filePage(visit: RepositoryVisit): Promise<Page | Response | null> {
  const place = await findPlace(visit);
  const entry = place && (await readEntry(visit.gitDir, place.sha, place.path));
  if (!place || !entry) return null;
  if (entry.type === "tree") {
    return visit.request.redirect(
      `/${visit.fullName}/tree/${encodePath(addressTail(visit.request.req.url) ?? "")}`,
    );
  }
  const object = await readObject(visit.gitDir, entry.oid);
  if (object?.type !== "blob") return null;
  const isDocument = /\.(?:md|markdown)$/i.test(place.path);
  const isPlain = visit.request.req.query("plain") !== undefined || !isDocument;
  const folder = place.path.split("/").slice(0, -1).join("/");
  const content = readBlobContent(place.path, object.content);
  const view = {
    fullName: visit.fullName,
    place,
    branches: await listBranches(visit),
    defaultBranch: visit.repository.defaultBranch,
    sizeBytes: object.content.length,
    isDocument: isDocument && content.kind === "text",
    content:
      content.kind === "text" && !isPlain
        ? ({
            kind: "document",
            content: renderDocument(visit, place.reference, folder, content.text),
          } as const)
        : content,
  };
  return framed(visit, place.path, blobPage(view));
}

const commitsPerPage = 50;

async function historyPage(visit: RepositoryVisit): Promise<Page | null> {
  const place = await findPlace(visit);
  if (!place) return null;
  const commits = await listCommits(visit.gitDir, {
    from: [place.sha],
    order: "newest first",
    limit: commitsPerPage,
    ...(place.path !== "" && { path: place.path }),
  });
  const rows = commits.map((commit) => viewCommit(commit, readCheckRollup(visit, commit.oid)));
  const content = html`<div class="page-head">
      <div class="titles">
        <h1>Commits</h1>
        <p class="state-line">on ${place.reference}${place.path !== "" && ` that touch ${place.path}`}</p>
      </div>
    </div>
    <section class="box" aria-label="Commits">${commitList(rows, visit.fullName, visit.nowMs)}</section>
    ${rows.length === commitsPerPage && html`<p class="hint">Only the newest ${commitsPerPage} are shown.</p>`}`;
  return framed(visit, `Commits on ${place.reference}`, content);
}

async function showCommit(visit: RepositoryVisit): Promise<Page | null> {
  const sha = await resolveCommit(visit.gitDir, addressTail(visit.request.req.url) ?? "");
  const commit = sha === undefined ? undefined : await readCommit(visit.gitDir, sha);
  if (!commit) return null;
  const [title = "", ...rest] = commit.message.split("\n");
  const content = commitPage({
    ...viewCommit(commit, null),
    fullName: visit.fullName,
    title: commitTitle(title),
    body: rest.join("\n").trim(),
    parents: commit.parents,
    checks: viewChecks(visit, commit.oid),
    files: await listChangedFiles(visit.gitDir, commit.parents[0], commit.oid),
    nowMs: visit.nowMs,
  });
  return framed(visit, `${commitTitle(title)} · ${commit.oid.slice(0, 7)}`, content);
}
