import { diffText, patchText } from "../../git/changed-files.ts";
import { commitList } from "../code/commit-list.ts";
import { changeSummary, diffView } from "../code/diff-view.ts";
import { html, type Html } from "../html.ts";
import { commentForm } from "../issue/comment-form.ts";
import { conversationList } from "../issue/conversation-list.ts";
import { conversationPath, findConversation } from "../issue/find-conversation.ts";
import { issueSidebar } from "../issue/issue-sidebar.ts";
import { readConversations } from "../issue/read-conversations.ts";
import { readCommentForm, readSidebar } from "../issue/read-issue.ts";
import type { Page } from "../layout/page-layout.ts";
import { timeline } from "../timeline/timeline.ts";
import { repositoryFrame } from "../visit/repository-frame.ts";
import { fieldValue, type RepositoryVisit } from "../visit/visit.ts";
import type { WebSite } from "../visit/web-site.ts";
import { checksTab } from "./checks-tab.ts";
import { mergeBox } from "./merge-box.ts";
import { pullHead } from "./pull-head.ts";
import type { PullTab } from "./pull-view.ts";
import { readChecksTab } from "./read-checks-tab.ts";
import { readMergeBox } from "./read-merge-box.ts";
import {
  findBase,
  readPullCommitRows,
  readPullFiles,
  readPullHead,
  readPullTimeline,
  type FoundPull,
} from "./read-pull.ts";
import { readReviewers } from "./read-reviewers.ts";
import { reviewForm } from "./review-form.ts";

export function registerPullPages(site: WebSite): void {
  site.repositoryPage("/pulls", (visit) => ({
    title: "Pull requests",
    content: conversationList(readConversations(visit, "pulls")),
    repository: repositoryFrame(visit, "pulls"),
  }));

  const tab = (path: string, id: PullTab, read: ReadTab): void => {
    site.repositoryPage(`/pull/:number{[0-9]+}${path}`, (visit) => showTab(visit, id, read));
  };
  tab("", "conversation", readConversationTab);
  tab("/commits", "commits", readCommitsTab);
  tab("/checks", "checks", async (visit, { pull }) => checksTab(readChecksTab(visit, pull), visit.nowMs));
  tab("/files", "files", readFilesTab);

  site.repositoryPage("/pull/:file{[0-9]+\\.(?:diff|patch)}", pullAsText);
}

type ReadTab = (visit: RepositoryVisit, found: FoundPull) => Promise<Html>;

async function showTab(visit: RepositoryVisit, tab: PullTab, read: ReadTab): Promise<Page | Response | null> {
  const found = findConversation(visit);
  if (!found) return null;
  const { issue, pull } = found;
  if (!pull) return visit.request.redirect(conversationPath(visit, issue));
  const head = await readPullHead(visit, { issue, pull });
  return {
    title: `${issue.title} · Pull request #${issue.number}`,
    content: html`<div data-live="slow">${pullHead(head, tab)}</div>
      ${await read(visit, { issue, pull })}`,
    repository: repositoryFrame(visit, "pulls"),
  };
}

async function readConversationTab(visit: RepositoryVisit, found: FoundPull): Promise<Html> {
  const items = await readPullTimeline(visit, found);
  const form = readCommentForm(visit, found.issue);
  const sidebar = { ...readSidebar(visit, found.issue, items), reviewers: readReviewers(visit, found.pull) };
  return html`<div class="columns">
    <div>
      ${timeline(items, { repository: visit.fullName, nowMs: visit.nowMs })}
      ${mergeBox(await readMergeBox(visit, found))} ${form && commentForm(form)}
    </div>
    ${issueSidebar(sidebar)}
  </div>`;
}

async function readCommitsTab(visit: RepositoryVisit, { pull }: FoundPull): Promise<Html> {
  const rows = await readPullCommitRows(visit, pull);
  return html`<section class="box" aria-label="Commits">
    ${commitList(rows, visit.fullName, visit.nowMs)}
  </section>`;
}

async function readFilesTab(visit: RepositoryVisit, { pull, issue }: FoundPull): Promise<Html> {
  const action = `/${visit.fullName}/pull/${pull.number}/reviews`;
  const draft = (name: string): string => fieldValue(visit, { action, name });
  const files = await readPullFiles(visit, pull);
  return html`<div class="files-bar">
      <p class="muted">${changeSummary(files)}</p>
      ${
        visit.actor &&
        issue.state === "open" &&
        reviewForm({
          action,
          headSha: pull.head.sha,
          isAuthor: visit.actor.id === issue.authorId,
          draft: draft("body"),
          chosen: draft("event"),
        })
      }
    </div>
    ${diffView({ files, fullName: visit.fullName, sha: pull.head.sha })}`;
}

/** `/pull/7.diff` and `/pull/7.patch`, to which the API's `diff_url` and `patch_url` lead. */
async function pullAsText(visit: RepositoryVisit): Promise<Response | null> {
  const [number, kind] = (visit.request.req.param("file") ?? "").split(".");
  const pull = visit.hub.store.pulls.findOne({ repositoryId: visit.repository.id, number: Number(number) });
  if (!pull) return null;
  const render = kind === "diff" ? diffText : patchText;
  const content = await render(visit.gitDir, await findBase(visit, pull), pull.head.sha);
  return visit.request.body(Uint8Array.from(content), 200, {
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
  });
}
