import { lstat, readlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { isWithin } from "./read-mounts.ts";

/** One place of the file system as a confined session sees it. */
export type ViewEntry =
  | { readonly kind: "read-only" | "writable"; readonly path: string; readonly isFolder: boolean }
  /** Empty, though it lies in a folder that is shown. */
  | { readonly kind: "hidden"; readonly path: string }
  | { readonly kind: "link"; readonly path: string; readonly target: string };

export type ViewWish = {
  /** Folders that the session may write to. */
  readonly writable: readonly string[];
  /** Files and folders that it may read beside the system's. */
  readonly readable: readonly string[];
  /** Folders that it must not see, even where they lie in one that it does. */
  readonly hidden: readonly string[];
};

/** Programs and their settings. Everything else of the machine stays out of sight: homes, /tmp, /run, /var, mounts. */
const SYSTEM_FOLDERS = [
  "/bin",
  "/etc",
  "/gnu",
  "/lib",
  "/lib32",
  "/lib64",
  "/libx32",
  "/nix",
  "/opt",
  "/sbin",
  "/usr",
];

/** Of several wishes for the same place the first of these counts. */
const RANKS = ["writable", "hidden", "read-only"] as const;

type Place = { readonly kind: (typeof RANKS)[number]; readonly isFolder: boolean };

/**
 * What a session sees, parents before their children, at the paths that these places have outside. Whatever is not
 * there is left out. What is wished for through a symbolic link is shown at both ends.
 */
export async function planView(wish: ViewWish): Promise<readonly ViewEntry[]> {
  const places = new Map<string, Place>();
  const links = new Map<string, string>();
  const wishes = [
    ...[...SYSTEM_FOLDERS, ...wish.readable].map((path) => ({ path, kind: "read-only" as const })),
    ...wish.hidden.map((path) => ({ path, kind: "hidden" as const })),
    ...wish.writable.map((path) => ({ path, kind: "writable" as const })),
  ];
  for (const { path, kind } of wishes) {
    const found = await follow(path, links);
    if (found === null || found.path === "/") continue;
    const before = places.get(found.path);
    if (before !== undefined && RANKS.indexOf(before.kind) <= RANKS.indexOf(kind)) continue;
    places.set(found.path, { kind, isFolder: found.isFolder });
  }
  return [
    ...[...links]
      .filter(([path]) => isBare(closest(places, dirname(path))))
      .map(([path, target]) => ({ kind: "link" as const, path, target })),
    ...[...places]
      .filter(([path, place]) => isNeeded(place, closest(places, dirname(path))))
      .map(([path, { kind, isFolder }]) => (kind === "hidden" ? { kind, path } : { kind, path, isFolder })),
  ].toSorted((one, other) => depth(one.path) - depth(other.path) || (one.path < other.path ? -1 : 1));
}

/** Follows a path to where it leads and notes the links on its way; null where nothing is. */
async function follow(
  path: string,
  links: Map<string, string>,
  hops = 0,
): Promise<{ readonly path: string; readonly isFolder: boolean } | null> {
  let current = "/";
  let isFolder = true;
  const names = resolve(path)
    .split("/")
    .filter((name) => name !== "");
  for (const [index, name] of names.entries()) {
    const next = join(current, name);
    const stats = await lstat(next).catch(() => null);
    if (stats === null) return null;
    if (stats.isSymbolicLink()) {
      // As many as the kernel follows.
      if (hops >= 40) return null;
      const target = await readlink(next);
      links.set(next, target);
      return follow(join(resolve(current, target), ...names.slice(index + 1)), links, hops + 1);
    }
    current = next;
    isFolder = stats.isDirectory();
  }
  return { path: current, isFolder };
}

/** The place that shows or hides what lies in `folder`. */
function closest(places: ReadonlyMap<string, Place>, folder: string): Place | null {
  for (let path = folder; ; path = dirname(path)) {
    const place = places.get(path);
    if (place !== undefined) return place;
    if (path === "/") return null;
  }
}

/** Whether nothing of the machine is shown there but what is put there by name. */
function isBare(around: Place | null): boolean {
  return around === null || around.kind === "hidden";
}

function isNeeded(place: Place, around: Place | null): boolean {
  if (place.kind === "hidden") return !isBare(around);
  return place.kind === "writable" ? around?.kind !== "writable" : isBare(around);
}

function depth(path: string): number {
  return path.split("/").length;
}

/** Beside a folder of programs: what these load from. */
const TOOL_FOLDERS = ["bin", "include", "lib", "lib64", "libexec", "sbin", "versions"];

/**
 * What a session must see for the programs in a folder to work, wherever that lies. A package's programs are links to
 * its other files, so `node_modules` is shown whole.
 */
export function toolFolders(folder: string): readonly string[] {
  const packages = /^.*?\/node_modules(?=\/|$)/.exec(folder)?.[0];
  if (packages !== undefined) return [packages];
  const isSystems = SYSTEM_FOLDERS.some((system) => isWithin(folder, system));
  if (isSystems || !["bin", "sbin", "shims"].includes(basename(folder))) return [folder];
  return [folder, ...TOOL_FOLDERS.map((name) => join(dirname(folder), name))];
}
