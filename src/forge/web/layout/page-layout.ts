import { html, type Html } from "../html.ts";
import { icon } from "../pieces/icon.ts";
import { notice, type Notice } from "../pieces/notice.ts";
import type { UserView } from "../pieces/avatar.ts";
import { repositoryTabs, type RepositoryFrame } from "./repository-tabs.ts";
import { actingMenu } from "./acting-menu.ts";

/** One page's own part. */
export interface Page {
  /** Shown in the browser's tab, before the name of the repository. */
  title: string;
  content: Html;
  /** Absent on pages that belong to no repository. */
  repository?: RepositoryFrame;
  status?: 200 | 403 | 404 | 413 | 500;
}

/** What stands around every page. */
interface PageFrame {
  actor: UserView | null;
  /** The people one may act as. */
  people: readonly UserView[];
  /** Path and query of this page, to come back to. */
  address: string;
  notice: Notice | null;
}

/**
 * The whole document. `main` is the part that `live.js` keeps up to date; a message about what the visitor just
 * did stays outside of it, so that an update does not take it away.
 */
export function pageLayout(page: Page, frame: PageFrame): Html {
  const place = page.repository ? `${page.title} · ${page.repository.fullName}` : page.title;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${place}</title>
        <link rel="icon" href="/_web/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/_web/forge.css" />
        <script src="/_web/live.js" defer></script>
      </head>
      <body>
        <a class="skip-link" href="#main">Skip to content</a>
        <header class="site-header">
          <div class="site-bar">
            <a class="brand" href="/">${icon("anvil")}<span>forge</span></a>
            ${breadcrumbs(page.repository)} ${actingMenu(frame)}
          </div>
          ${page.repository && repositoryTabs(page.repository)}
        </header>
        ${frame.notice && html`<div class="flash">${notice(frame.notice)}</div>`}
        <main id="main" tabindex="-1">${page.content}</main>
        <footer class="site-footer">
          <span>A local forge: everything here is on this machine.</span>
          <span class="live-mark" id="live-mark" role="status" hidden>Live</span>
        </footer>
      </body>
    </html>`;
}

function breadcrumbs(repository: RepositoryFrame | undefined): Html {
  if (!repository) return html`<nav class="crumbs" aria-label="Breadcrumb"></nav>`;
  const [owner = "", name = ""] = repository.fullName.split("/");
  return html`<nav class="crumbs" aria-label="Breadcrumb">
    <span class="separator hide-narrow" aria-hidden="true">/</span>
    <a class="hide-narrow" href="/${owner}">${owner}</a>
    <span class="separator" aria-hidden="true">/</span>
    <a href="/${repository.fullName}"><strong>${name}</strong></a>
    ${repository.isPrivate && html`<span class="tag hide-narrow">private</span>`}
  </nav>`;
}
