import { createHash } from "node:crypto";
import { bodyLimit } from "hono/body-limit";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import { html, type Html } from "../html.ts";
import { pageLayout, type Page } from "../layout/page-layout.ts";
import { icon } from "../pieces/icon.ts";
import { viewUser } from "../pieces/view-user.ts";
import { ApiCaller, type ApiAnswer, type ApiRequest } from "./call-api.ts";
import { refuseForeignForm, refuseForeignHost } from "./local-requests.ts";
import { MessageStore } from "./message-store.ts";
import { pageHeaders } from "./page-headers.ts";
import { enterRepository, findActor, listPeople, type RepositoryVisit, type Visit } from "./visit.ts";

/** Where a form leads, and what the next page says about it. */
export interface FormOutcome {
  /** Path on this forge. */
  location: string;
  /** One sentence when it worked and the page alone does not show it. */
  done?: string;
  /** One sentence when nothing was changed. */
  refused?: string;
}

/** A form's fields; a name that occurs several times has several values. */
export class FormFields {
  readonly #data: FormData;

  constructor(data: FormData) {
    this.#data = data;
  }

  text(name: string): string {
    const value = this.#data.get(name);
    // Browsers send CRLF for every line end of a text area; GitHub stores what it is given, Markdown wants LF.
    return typeof value === "string" ? value.replaceAll("\r\n", "\n") : "";
  }

  texts(name: string): string[] {
    return this.#data.getAll(name).filter((value) => typeof value === "string");
  }

  all(): Record<string, string> {
    return Object.fromEntries([...this.#data.keys()].map((name) => [name, this.text(name)]));
  }
}

/** More than any form of GitHub's takes; a body is read into memory. */
const maxFormBytes = 1_000_000;

/** Sent by `live.js`, whose requests must not use up a message that is meant for the visitor. */
const liveHeader = "x-forge-live";

/** The pages' door: registers addresses, and gives every page and form its frame and its checks. */
export class WebSite {
  readonly #forge: ForgeContext;
  readonly #messages = new MessageStore();
  readonly #api: ApiCaller;

  constructor(forge: ForgeContext) {
    this.#forge = forge;
    this.#api = new ApiCaller(forge);
  }

  /** Registers a page. `read` answers null for what does not exist or the visitor may not see. */
  page(path: string, read: (visit: Visit) => Promise<Page | Response | null> | Page | null): void {
    this.#forge.http.get(path, (c) => this.#guarded(c, async () => this.#answer(c, read)));
  }

  repositoryPage(
    path: string,
    read: (visit: RepositoryVisit) => Promise<Page | Response | null> | Page | Response | null,
  ): void {
    this.page(`/:owner/:repo${path}`, async (visit) => {
      const entered = enterRepository(visit);
      return entered && read(entered);
    });
  }

  /** Registers a form. Whatever it does, the answer is a redirect, so that reloading never sends it again. */
  form(path: string, take: (visit: Visit, fields: FormFields) => Promise<FormOutcome | null>): void {
    const limit = bodyLimit({
      maxSize: maxFormBytes,
      onError: (c) =>
        this.#problem(
          c as ForgeRequest,
          413,
          "The form is larger than a megabyte, so it was not carried out.",
        ),
    });
    this.#forge.http.post(path, limit, (c) =>
      this.#guarded(c, async () => {
        const foreign = refuseForeignForm(c);
        if (foreign !== null) return this.#problem(c, 403, foreign);
        const fields = new FormFields(await c.req.formData());
        const outcome = await take(this.#visit(c), fields);
        return outcome === null ? this.#notFound(c) : this.#redirect(c, outcome, fields);
      }),
    );
  }

  repositoryForm(
    path: string,
    take: (visit: RepositoryVisit, fields: FormFields) => Promise<FormOutcome | null>,
  ): void {
    this.form(`/:owner/:repo${path}`, async (visit, fields) => {
      const entered = enterRepository(visit);
      return entered && take(entered, fields);
    });
  }

  /** Registers what is not a page: style, script, files. */
  file(path: string, read: (c: ForgeRequest) => Response | Promise<Response>): void {
    this.#forge.http.get(path, (c) => this.#guarded(c, async () => read(c)));
  }

  /** Answers every address that nothing else answered, except the API's. */
  answerTheRest(): void {
    this.#forge.http.notFound((c) => {
      if (c.req.path.startsWith("/api/")) return c.json({ message: "Not Found" }, 404);
      return this.#guarded(c, async () => this.#notFound(c));
    });
  }

  /** Writes through the API in the name of the visitor. */
  async call(visit: Visit, request: ApiRequest): Promise<ApiAnswer> {
    return visit.actor ? this.#api.call(visit.actor, request) : nobody;
  }

  async mutate(visit: Visit, query: string, variables: Record<string, unknown>): Promise<ApiAnswer> {
    return visit.actor ? this.#api.mutate(visit.actor, query, variables) : nobody;
  }

  async #guarded(c: ForgeRequest, answer: () => Promise<Response>): Promise<Response> {
    const foreign = refuseForeignHost(c, this.#forge.hub.url);
    if (foreign !== null) return c.text(foreign, 403);
    try {
      return await answer();
    } catch (error) {
      console.error(error);
      return this.#problem(c, 500, "The forge met a bug while making this page; its log says more.");
    }
  }

  #visit(c: ForgeRequest): Visit {
    const { hub } = this.#forge;
    return { hub, request: c, actor: findActor(hub, c), nowMs: hub.date().getTime(), draft: null };
  }

  async #answer(
    c: ForgeRequest,
    read: (visit: Visit) => Promise<Page | Response | null> | Page | null,
  ): Promise<Response> {
    const message = this.#takeMessage(c);
    const page = await read({ ...this.#visit(c), draft: message?.draft ?? null });
    if (page instanceof Response) return page;
    if (page === null) return this.#notFound(c);
    return this.#send(c, page, message?.notice ?? null);
  }

  #takeMessage(c: ForgeRequest): ReturnType<MessageStore["take"]> {
    const cookie = messageCookie(this.#forge);
    const key = getCookie(c, cookie);
    if (key === undefined || c.req.header(liveHeader) !== undefined) return null;
    deleteCookie(c, cookie, { path: "/" });
    return this.#messages.take(key);
  }

  #send(c: ForgeRequest, page: Page, notice: Parameters<typeof pageLayout>[1]["notice"]): Response {
    const { hub } = this.#forge;
    const actor = findActor(hub, c);
    const url = new URL(c.req.url);
    const document = pageLayout(page, {
      actor: actor && viewUser(actor),
      people: listPeople(hub).map(viewUser),
      address: url.pathname + url.search,
      notice,
    }).toString();
    const etag = `"${createHash("sha256").update(document).digest("base64url")}"`;
    for (const [name, value] of Object.entries(pageHeaders)) c.header(name, value);
    c.header("etag", etag);
    if (c.req.header("if-none-match") === etag) return c.body(null, 304);
    return c.html(document, page.status ?? 200);
  }

  #redirect(c: ForgeRequest, outcome: FormOutcome, fields: FormFields): Response {
    const { refused, done } = outcome;
    if (refused !== undefined || done !== undefined) {
      const key = this.#messages.put(
        refused === undefined
          ? { notice: { kind: "done", sentence: done ?? "" }, draft: null }
          : {
              notice: { kind: "refused", sentence: refused },
              draft: { action: c.req.path, fields: fields.all() },
            },
      );
      setCookie(c, messageCookie(this.#forge), key, {
        path: "/",
        httpOnly: true,
        sameSite: "Lax",
        maxAge: 60,
      });
    }
    return c.redirect(outcome.location, 303);
  }

  #notFound(c: ForgeRequest): Response {
    return this.#problem(c, 404, "There is nothing at this address, or you may not see it.");
  }

  #problem(c: ForgeRequest, status: Exclude<ProblemStatus, 200>, sentence: string): Response {
    return this.#send(c, { title: sentence, content: problemContent(status, sentence), status }, null);
  }
}

const nobody: ApiAnswer = { ok: false, status: 401, sentence: "The forge has no user to act as yet." };

function messageCookie({ hub }: ForgeContext): string {
  return `forge_message_${new URL(hub.url).port}`;
}

type ProblemStatus = NonNullable<Page["status"]>;

const problemNames: Record<Exclude<ProblemStatus, 200>, string> = {
  403: "Not allowed",
  404: "Not found",
  413: "Too large",
  500: "Something broke",
};

function problemContent(status: Exclude<ProblemStatus, 200>, sentence: string): Html {
  return html`<div class="box empty">
    ${icon(status === 404 ? "search" : "warning")}
    <h1 class="h2">${problemNames[status]}</h1>
    <p>${sentence}</p>
    <p><a href="/">All repositories</a></p>
  </div>`;
}
