import type { TreeEntry } from "../../git/read-tree.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { repositoryApiUrl, repositoryWebUrl } from "./api-url.ts";

export type ContentType = "dir" | "file" | "submodule" | "symlink";

export interface ContentPlace {
  repository: Repository;
  /** The branch, tag or commit that was asked for. */
  ref: string;
}

/** Where something is and what it is, without what is in it. */
export function presentContentEntry(hub: Hub, { repository, ref }: ContentPlace, entry: TreeEntry) {
  const type = contentType(entry);
  const path = entry.path.split("/").map(encodeURIComponent).join("/");
  const shownRef = encodeURIComponent(ref);
  const url = `${repositoryApiUrl(hub, repository)}/contents/${path}?ref=${shownRef}`;
  const webUrl = repositoryWebUrl(hub, repository);
  const gitKind = type === "dir" ? "trees" : "blobs";
  const gitUrl =
    type === "submodule" ? null : `${repositoryApiUrl(hub, repository)}/git/${gitKind}/${entry.oid}`;
  const htmlUrl =
    type === "submodule" ? null : `${webUrl}/${type === "dir" ? "tree" : "blob"}/${shownRef}/${path}`;
  return {
    name: entry.path.split("/").at(-1) ?? "",
    path: entry.path,
    sha: entry.oid,
    size: entry.size ?? 0,
    url,
    html_url: htmlUrl,
    git_url: gitUrl,
    download_url: type === "file" || type === "symlink" ? `${webUrl}/raw/${shownRef}/${path}` : null,
    type,
    _links: { self: url, git: gitUrl, html: htmlUrl },
  };
}

export function contentType(entry: TreeEntry): ContentType {
  switch (entry.mode) {
    case "040000":
      return "dir";
    case "120000":
      return "symlink";
    case "160000":
      return "submodule";
    default:
      return "file";
  }
}

/** GitHub breaks base64 into lines of sixty characters and ends it with a newline. */
export function encodeContent(content: Buffer): string {
  return content.toString("base64").replaceAll(/.{1,60}/g, "$&\n");
}
