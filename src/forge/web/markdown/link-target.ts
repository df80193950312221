/** Where relative addresses of a document lead, e.g. `/o/r/blob/main/docs/` and `/o/r/raw/main/docs/`. */
export interface DocumentPlace {
  /** Folder of the document as a page address, with a trailing slash. */
  pages: string;
  /** The same folder as raw files, for pictures. */
  files: string;
}

/**
 * The address a link may have, or null if it must stay text. Only the web and mail are allowed, so `javascript:`,
 * `data:` and whatever else a browser might run cannot be reached by a click.
 */
export function linkTarget(url: string, place: DocumentPlace | undefined): string | null {
  const address = url.trim();
  if (hasScheme(address)) return /^(?:https?:\/\/|mailto:)/i.test(address) ? address : null;
  if (address.startsWith("#") || address.startsWith("/")) return address;
  return place ? resolveWithin(place.pages, address) : address;
}

/** The address of a picture that the forge itself serves, or null: pages load nothing from elsewhere. */
export function pictureSource(url: string, place: DocumentPlace | undefined): string | null {
  const address = url.trim();
  if (address === "" || hasScheme(address) || address.startsWith("//")) return null;
  if (address.startsWith("/")) return address;
  return place ? resolveWithin(place.files, address) : null;
}

// Browsers ignore control characters inside a scheme ("java\tscript:"), so they count as part of one.
function hasScheme(address: string): boolean {
  return /^[\u0000-\u0020\u007f]*[a-z][a-z0-9+.\u0000-\u0020\u007f-]*:/i.test(address);
}

function resolveWithin(folder: string, address: string): string {
  const resolved = new URL(address, new URL(folder, "http://forge.invalid"));
  return resolved.pathname + resolved.search + resolved.hash;
}
