import type { TreeEntry } from "../../git/read-tree.ts";
import { html, type Html } from "../html.ts";
import { checkMark } from "../pieces/check-state.ts";
import { icon } from "../pieces/icon.ts";
import { timeAgo } from "../pieces/time-ago.ts";
import { encodePath } from "./code-path.ts";
import type { CommitRow } from "./commit-list.ts";
import { placeBar, type PlaceBarView } from "./place-bar.ts";
import { treeHref, treeView } from "./tree-view.ts";

interface CodeView extends PlaceBarView {
  entries: readonly TreeEntry[];
  latest: CommitRow;
  readme: { name: string; content: Html } | null;
  nowMs: number;
}

export interface AboutView {
  description: string | null;
  cloneUrl: string;
  branches: readonly { name: string }[];
  defaultBranch: string;
  commits: readonly CommitRow[];
}

/** A folder of a commit; the root of the default branch is the repository's front page, with `about` beside it. */
export function codePage(view: CodeView, about: AboutView | null): Html {
  const files = html`${placeBar(view)}
    <section class="box" aria-label="Files">
      ${latestCommit(view)} ${treeView(view.entries, view.place, view.fullName)}
    </section>
    ${
      view.readme &&
      html`<section class="box readme" aria-label="${view.readme.name}">
        <div class="box-header"><h2>${icon("file")} ${view.readme.name}</h2></div>
        <div class="box-body">${view.readme.content}</div>
      </section>`
    }`;
  if (!about) return files;
  return html`<div class="columns" data-live="slow">
    <div>${files}</div>
    ${aboutColumn(about, view)}
  </div>`;
}

function latestCommit({ latest, fullName, place, nowMs }: CodeView): Html {
  return html`<div class="box-header commit-bar">
    <b>${latest.author}</b>
    <a class="commit-title" href="/${fullName}/commit/${latest.sha}">${latest.title}</a>
    ${latest.checks && checkMark(latest.checks)}
    <span class="push small muted nowrap"
      ><a class="mono muted" href="/${fullName}/commit/${latest.sha}">${latest.sha.slice(0, 7)}</a> ·
      ${timeAgo(latest.at, nowMs)}</span
    >
    <a class="small nowrap" href="/${fullName}/commits/${encodePath(place.reference)}">History</a>
  </div>`;
}

function aboutColumn(about: AboutView, { fullName, nowMs }: CodeView): Html {
  return html`<aside class="sidebar about" aria-label="About">
    <section>
      <h2>About</h2>
      <p>${about.description ?? "No description."}</p>
    </section>
    <section>
      <h2><label for="clone-url">Clone</label></h2>
      <div class="clone">
        <input type="text" id="clone-url" value="${about.cloneUrl}" readonly data-copy />
      </div>
    </section>
    <section>
      <h2>Branches</h2>
      <ul class="side-list">
        ${about.branches.map(
          ({ name }) =>
            html`<li>
              ${icon("branch")}<a href="${treeHref(fullName, name, "")}">${name}</a>
              ${name === about.defaultBranch && html`<span class="tag">default</span>`}
            </li>`,
        )}
      </ul>
    </section>
    <section>
      <h2>Latest commits</h2>
      <ul class="side-list">
        ${about.commits.map(
          (commit) =>
            html`<li class="side-commit">
              <a href="/${fullName}/commit/${commit.sha}">${commit.title}</a>
              <span class="small muted">${commit.author}, ${timeAgo(commit.at, nowMs)}</span>
            </li>`,
        )}
      </ul>
    </section>
  </aside>`;
}

export function emptyRepositoryPage(cloneUrl: string): Html {
  return html`<div class="box empty">
    ${icon("repository")}
    <h1 class="h2">This repository is empty</h1>
    <p>Push to it to give it a first commit:</p>
    <pre class="plain-text">git push ${cloneUrl} HEAD:refs/heads/main</pre>
  </div>`;
}
