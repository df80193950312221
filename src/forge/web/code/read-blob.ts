import { readEntry } from "../../git/read-tree.ts";
import { readObject } from "../../git/read-objects.ts";
import type { RepositoryVisit } from "../visit/visit.ts";
import type { BlobContent } from "./blob-page.ts";
import type { Place } from "./find-place.ts";

const maxShownBytes = 1024 * 1024;

const pictureTypes: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
  ico: "image/x-icon",
};

export function readBlobContent(path: string, content: Buffer): BlobContent {
  if (pictureType(path) !== undefined) return { kind: "picture" };
  if (content.length > maxShownBytes)
    return { kind: "opaque", reason: "The file is larger than a megabyte." };
  if (content.length === 0) return { kind: "opaque", reason: "The file is empty." };
  // Git's own test for a binary file.
  if (content.subarray(0, 8000).includes(0)) return { kind: "opaque", reason: "The file is binary." };
  return { kind: "text", text: content.toString("utf8") };
}

/**
 * The bytes of a file. Whatever a repository holds is text or a picture to the browser, never a page of the forge:
 * the sandbox gives it no script and another origin.
 */
export async function rawFile(visit: RepositoryVisit, place: Place): Promise<Response | null> {
  const entry = await readEntry(visit.gitDir, place.sha, place.path);
  if (entry?.type !== "blob") return null;
  const object = await readObject(visit.gitDir, entry.oid);
  if (object?.type !== "blob") return null;
  return visit.request.body(Uint8Array.from(object.content), 200, {
    "content-type": pictureType(place.path) ?? "text/plain; charset=utf-8",
    "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-cache",
  });
}

function pictureType(path: string): string | undefined {
  return pictureTypes[path.slice(path.lastIndexOf(".") + 1).toLowerCase()];
}
