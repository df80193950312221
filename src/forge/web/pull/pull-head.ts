import { diffStat } from "../code/diff-view.ts";
import { treeHref } from "../code/tree-view.ts";
import { html, type Html } from "../html.ts";
import { conversationTitle } from "../issue/issue-page.ts";
import { checkMark } from "../pieces/check-state.ts";
import { icon, type IconName } from "../pieces/icon.ts";
import { stateBadge } from "../pieces/state-badge.ts";
import { userLink } from "../pieces/avatar.ts";
import type { PullHead, PullTab } from "./pull-view.ts";

export function pullHead(head: PullHead, tab: PullTab): Html {
  return html`<div class="page-head">
      <div class="titles">
        ${conversationTitle(head)}
        <div class="state-line">${stateBadge(head.state, true)} <span>${describe(head)}</span></div>
      </div>
    </div>
    ${pullTabs(head, tab)}`;
}

function describe(head: PullHead): Html {
  const commits = head.counts.commits === 1 ? "1 commit" : `${head.counts.commits} commits`;
  const base = html`<a class="ref" href="${treeHref(head.fullName, head.base, "")}">${head.base}</a>`;
  const from =
    head.headHref === null
      ? html`<span class="ref">${head.head}</span>`
      : html`<a class="ref" href="${head.headHref}">${head.head}</a>`;
  if (head.mergedBy) return html`${userLink(head.mergedBy)} merged ${commits} into ${base} from ${from}`;
  return html`${userLink(head.author)} wants to merge ${commits} into ${base} from ${from}`;
}

function pullTabs(head: PullHead, current: PullTab): Html {
  const base = `/${head.fullName}/pull/${head.number}`;
  const tab = (id: PullTab, path: string, mark: IconName, name: string, note: Html | null): Html =>
    html`<a href="${base}${path}" ${id === current && html`aria-current="page"`}
      >${icon(mark)}${name}${note}</a
    >`;
  const count = (amount: number): Html => html`<span class="count">${amount}</span>`;
  const { items, commits, checks, files } = head.counts;
  return html`<div class="pull-tabs">
    <nav class="tabs" aria-label="Pull request" id="pull-tabs">
      ${tab("conversation", "", "comment", "Conversation", count(items))}
      ${tab("commits", "/commits", "commit", "Commits", count(commits))}
      ${tab("checks", "/checks", "check-circle", "Checks", checks && checkMark(checks))}
      ${tab("files", "/files", "file", "Files changed", count(files))}
    </nav>
    <span class="hide-narrow">${diffStat(head.additions, head.deletions)}</span>
  </div>`;
}
