import { setCookie } from "hono/cookie";
import { findAccount, fullName } from "../../hub/find-repository.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import { html, type Html } from "../html.ts";
import { avatar } from "../pieces/avatar.ts";
import { viewUser } from "../pieces/view-user.ts";
import { localPath } from "../visit/local-path.ts";
import { actorCookie, listPeople, maySee, type Visit } from "../visit/visit.ts";
import type { WebSite } from "../visit/web-site.ts";
import { homePage, type RepositoryRow } from "./home-page.ts";

export function registerHome(site: WebSite): void {
  site.page("/", (visit) => ({
    title: "Repositories",
    content: homePage({ rows: listRepositories(visit, null), nowMs: visit.nowMs }),
  }));

  site.page("/:owner", (visit) => {
    const account = findAccount(visit.hub, visit.request.req.param("owner") ?? "");
    if (!account) return null;
    const rows = listRepositories(visit, account.id);
    return { title: account.login, content: accountPage(viewUser(account), account.name, rows) };
  });

  site.form("/_web/act-as", async (visit, fields) => {
    const person = listPeople(visit.hub).find(({ login }) => login === fields.text("login"));
    const location = localPath(fields.text("return_to"));
    if (!person) return { location, refused: "The forge has no such user to act as." };
    setCookie(visit.request, actorCookie(visit.hub), person.login, {
      path: "/",
      httpOnly: true,
      sameSite: "Lax",
      maxAge: 365 * 24 * 3600,
    });
    return { location };
  });
}

function listRepositories(visit: Visit, ownerId: number | null): RepositoryRow[] {
  const { store } = visit.hub;
  const repositories = store.repositories.find(ownerId === null ? {} : { ownerId });
  return repositories
    .filter((repository) => maySee(visit, repository))
    .map((repository) => viewRow(visit, repository));
}

function viewRow(visit: Visit, repository: Repository): RepositoryRow {
  const open = visit.hub.store.issues.find({ repositoryId: repository.id, state: "open" });
  return {
    fullName: fullName(visit.hub, repository),
    description: repository.description,
    isPrivate: repository.private,
    pushedAt: repository.pushedAt,
    openIssues: open.filter(({ pullId }) => pullId === null).length,
    openPulls: open.filter(({ pullId }) => pullId !== null).length,
  };
}

function accountPage(
  user: ReturnType<typeof viewUser>,
  name: string | null,
  rows: readonly RepositoryRow[],
): Html {
  return html`<div class="page-head">
      ${avatar(user, "large")}
      <div class="titles">
        <h1>${user.login}</h1>
        <p class="muted">${name ?? (user.isBot ? "The user that an App acts as" : "A user of this forge")}</p>
      </div>
    </div>
    <section class="box" aria-label="Repositories">
      <div class="box-header"><h2>Repositories</h2></div>
      ${
        rows.length === 0
          ? html`<p class="box-body muted">Owns no repository.</p>`
          : html`<ul class="rows">
              ${rows.map((row) => html`<li><a class="row-title" href="/${row.fullName}">${row.fullName}</a></li>`)}
            </ul>`
      }
    </section>`;
}
