import { dirname } from "node:path";
import type { ViewEntry } from "./plan-view.ts";
import { findMount, isWithin, type Mount } from "./read-mounts.ts";

/** Where the launcher's own files are in a confined session. */
export const BRIDGE_PATH = "/run/baton";

const LINKS: readonly (readonly [path: string, target: string])[] = [
  ["/dev/fd", "/proc/self/fd"],
  ["/dev/stdin", "/proc/self/fd/0"],
  ["/dev/stdout", "/proc/self/fd/1"],
  ["/dev/stderr", "/proc/self/fd/2"],
  ["/dev/ptmx", "pts/ptmx"],
  ["/var/run", "../run"],
  ["/var/tmp", "../tmp"],
];

export type Stage = {
  /** An empty folder, which becomes the session's `/`. */
  readonly root: string;
  /** Shown as BRIDGE_PATH. */
  readonly bridge: string;
  /** Shown as /tmp, with a folder or an empty file in it for each of `placesInTemp`. */
  readonly temp: string;
  /** Files that are shown instead of the machine's, by the path at which they are shown. */
  readonly instead: Readonly<Record<string, string>>;
};

/**
 * A shell script that makes `view` the file system of its own mount namespace, with a fresh /proc, /dev and /tmp and
 * all else read-only. It needs the rights of root in its user namespace.
 */
export function renderView(view: readonly ViewEntry[], stage: Stage, mounts: readonly Mount[]): string {
  const links = LINKS.filter(([path]) => !view.some((entry) => isWithin(entry.path, path)));
  const bare = view.filter((entry) => around(entry, view) === undefined);
  const folders = ["/.outside", "/proc", "/dev/pts", "/dev/shm", "/tmp", "/var", BRIDGE_PATH];
  return [
    `mount -t tmpfs -o mode=755,nosuid,nodev,size=16m baton ${quote(stage.root)}`,
    `cd ${quote(stage.root)}`,
    `mkdir -p ${folders.map(within).join(" ")}`,
    show(stage.temp, "/tmp", findFlags(mounts, stage.temp)),
    ...makePlaces(bare),
    ...links.map(([path, target]) => `ln -s ${target} ${within(path)}`),
    ...view.flatMap((entry) => renderEntry(entry, view, mounts)),
    "for device in null zero full random urandom tty; do",
    "  if [ -e /dev/$device ]; then touch dev/$device; mount --bind /dev/$device dev/$device; fi",
    "done",
    "mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,nosuid,noexec devpts dev/pts",
    "mount -t tmpfs -o mode=1777,nosuid,nodev,size=25% baton dev/shm",
    "mount -t proc -o nosuid,nodev,noexec proc proc",
    // How many processors there are, and nothing about networks and devices.
    "if [ -d /sys/devices/system ]; then",
    "  mkdir -p sys/devices/system",
    `  ${show("/sys/devices/system", "/sys/devices/system", ["ro", ...findFlags(mounts, "/sys")])}`,
    "fi",
    show(stage.bridge, BRIDGE_PATH, ["ro", ...findFlags(mounts, stage.bridge)]),
    ...Object.entries(stage.instead).map(([path, file]) =>
      show(file, path, ["ro", ...findFlags(mounts, file)]),
    ),
    "pivot_root . .outside",
    "umount -l .outside",
    "rmdir .outside",
    "cd /",
    "mount -o remount,bind,ro,nosuid,nodev /",
  ].join("\n");
}

/** What has to lie in the stage's `temp`, as paths within it, before the view is made. */
export function placesInTemp(
  view: readonly ViewEntry[],
): readonly { readonly path: string; readonly isFolder: boolean }[] {
  return view.flatMap((entry) => {
    if (entry.kind === "link" || !isWithin(entry.path, "/tmp") || around(entry, view) !== undefined)
      return [];
    return [{ path: entry.path.slice("/tmp/".length), isFolder: entry.kind === "hidden" || entry.isFolder }];
  });
}

/** What is to be mounted on, for entries that lie in nothing that the machine has. */
function makePlaces(entries: readonly ViewEntry[]): readonly string[] {
  const isFolder = (entry: ViewEntry): boolean =>
    entry.kind === "hidden" || (entry.kind !== "link" && entry.isFolder);
  const folders = entries.map((entry) => (isFolder(entry) ? entry.path : dirname(entry.path)));
  const files = entries.filter((entry) => entry.kind !== "link" && !isFolder(entry));
  return [
    ...(folders.length === 0 ? [] : [`mkdir -p ${[...new Set(folders)].map(within).join(" ")}`]),
    ...(files.length === 0 ? [] : [`touch ${files.map(({ path }) => within(path)).join(" ")}`]),
  ];
}

function renderEntry(
  entry: ViewEntry,
  view: readonly ViewEntry[],
  mounts: readonly Mount[],
): readonly string[] {
  // In a folder of the machine that is shown, everything is there already.
  const lines = around(entry, view)?.kind === "hidden" ? [...makePlaces([entry])] : [];
  if (entry.kind === "link") return [...lines, `ln -s ${quote(entry.target)} ${within(entry.path)}`];
  if (entry.kind === "hidden") {
    return [...lines, `mount -t tmpfs -o mode=755,nosuid,nodev,size=1m baton ${within(entry.path)}`];
  }
  const readOnly = entry.kind === "read-only" ? ["ro"] : [];
  lines.push(show(entry.path, entry.path, [...readOnly, ...findFlags(mounts, entry.path)]));
  for (const mount of mounts) {
    // What is mounted below comes along, but not read-only.
    if (mount.path === entry.path || !isWithin(mount.path, entry.path) || readOnly.length === 0) continue;
    lines.push(`mount -o ${["remount", "bind", "ro", ...mount.flags].join(",")} ${within(mount.path)}`);
  }
  return lines;
}

/** The entry in which this one lies. */
function around(entry: ViewEntry, view: readonly ViewEntry[]): ViewEntry | undefined {
  return view.findLast(({ path }) => path !== entry.path && isWithin(entry.path, path));
}

function findFlags(mounts: readonly Mount[], path: string): readonly string[] {
  return findMount(mounts, path)?.flags ?? [];
}

function show(source: string, path: string, flags: readonly string[]): string {
  const options = [...new Set(["rbind", "nosuid", "nodev", ...flags])];
  return `mount -o ${options.join(",")} ${quote(source)} ${within(path)}`;
}

/** A path as seen from the folder that becomes `/`. */
function within(path: string): string {
  return quote(`.${path}`);
}

export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
