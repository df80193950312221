import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ForgeRequest } from "../../forge-context.ts";
import type { WebSite } from "../visit/web-site.ts";

const markSvg =
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="#e0601f" stroke-width="1.5" ` +
  `stroke-linejoin="round"><path d="M5.25 3.25h9c0 2.5-2 3.75-4.25 4V9.5l2 3.25H5.5l2-3.25V7.25c-3 0-5.25-1-6-3h3.75z"/></svg>`;

export function registerAssets(site: WebSite): void {
  register(site, { path: "/_web/forge.css", type: "text/css", content: readBeside("forge.css") });
  register(site, { path: "/_web/live.js", type: "text/javascript", content: readBeside("live.js") });
  register(site, { path: "/_web/icon.svg", type: "image/svg+xml", content: markSvg });
}

function readBeside(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}

interface Asset {
  path: string;
  type: string;
  content: string;
}

function register(site: WebSite, { path, type, content }: Asset): void {
  const etag = `"${createHash("sha256").update(content).digest("base64url")}"`;
  const headers = {
    "content-type": `${type}; charset=utf-8`,
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
    etag,
  };
  site.file(path, (c: ForgeRequest) =>
    c.req.header("if-none-match") === etag ? c.body(null, 304, headers) : c.body(content, 200, headers),
  );
}
