import type { TreeEntry } from "../../git/read-tree.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../pieces/icon.ts";
import { encodePath } from "./code-path.ts";
import type { Place } from "./find-place.ts";

/** The files of one folder, folders first. */
export function treeView(entries: readonly TreeEntry[], place: Place, fullName: string): Html {
  const sorted = [...entries].sort(
    (one, other) =>
      Number(other.type === "tree") - Number(one.type === "tree") || one.path.localeCompare(other.path),
  );
  return html`<table class="file-table">
    <caption class="visually-hidden">
      Files
    </caption>
    ${place.path !== "" && parentRow(place, fullName)}
    ${sorted.map((entry) => entryRow(entry, place, fullName))}
  </table>`;
}

function parentRow(place: Place, fullName: string): Html {
  const parent = place.path.split("/").slice(0, -1).join("/");
  return html`<tr>
    <td colspan="2">
      <a href="${treeHref(fullName, place.reference, parent)}" aria-label="Parent folder"
        >${icon("folder")}..</a
      >
    </td>
  </tr>`;
}

function entryRow(entry: TreeEntry, place: Place, fullName: string): Html {
  const path = place.path === "" ? entry.path : `${place.path}/${entry.path}`;
  return html`<tr>
    <td>${entryName(entry, path, { place, fullName })}</td>
    <td class="align-right muted small nowrap">${entry.size !== undefined && describeSize(entry.size)}</td>
  </tr>`;
}

function entryName(entry: TreeEntry, path: string, at: { place: Place; fullName: string }): Html {
  const { fullName, place } = at;
  if (entry.type === "tree") {
    return html`<a href="${treeHref(fullName, place.reference, path)}">${icon("folder")}${entry.path}</a>`;
  }
  if (entry.type === "commit") {
    return html`${icon("repository")}${entry.path}
      <span class="tag">submodule ${entry.oid.slice(0, 7)}</span>`;
  }
  const link = html`<a href="${blobHref(fullName, place.reference, path)}">${icon("file")}${entry.path}</a>`;
  return entry.mode === "120000" ? html`${link} <span class="tag">symlink</span>` : link;
}

export function treeHref(fullName: string, reference: string, path: string): string {
  return `/${fullName}/tree/${encodePath(reference)}${path === "" ? "" : `/${encodePath(path)}`}`;
}

export function blobHref(fullName: string, reference: string, path: string): string {
  return `/${fullName}/blob/${encodePath(reference)}/${encodePath(path)}`;
}

export function describeSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
