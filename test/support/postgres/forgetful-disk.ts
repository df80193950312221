import { fstatSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** What a disk holds after a power cut: the names it knows, and for each the bytes that were last put there. */
export type DiskImage = {
  readonly names: ReadonlyMap<string, number>;
  readonly contents: ReadonlyMap<number, Buffer>;
};

/**
 * A model of a disk under a folder that keeps nothing but what it was asked to sync. A file's bytes are kept as they
 * were when it was last synced. Names are kept when their folder is synced, and a file's own name when the file is.
 * Real disks forget less, and never exactly this: what survives here survives there.
 */
export class ForgetfulDisk {
  readonly #folder: string;
  /** Paths within the folder → inode; folders as well, with content of none. */
  #names = new Map<string, number>();
  readonly #contents = new Map<number, Buffer>();

  /** All that is in the folder now counts as on disk. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#keepTree("");
  }

  /** What `fsync` of an open file or folder puts on disk; `path` is within the folder. */
  sync(path: string, descriptor: number): void {
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) this.#keepNames(path);
    else {
      this.#names.set(path, stat.ino);
      this.#contents.set(stat.ino, readFileSync(join(this.#folder, path)));
    }
  }

  /** The disk as it is when the power fails now. */
  image(): DiskImage {
    return { names: new Map(this.#names), contents: new Map(this.#contents) };
  }

  #keepTree(path: string): void {
    this.#keepNames(path);
    for (const entry of readdirSync(join(this.#folder, path), { withFileTypes: true })) {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) this.#keepTree(inside);
      else this.#contents.set(this.#inodeOf(inside), readFileSync(join(this.#folder, inside)));
    }
  }

  #keepNames(path: string): void {
    for (const name of this.#names.keys()) if (dirname(name) === (path || ".")) this.#names.delete(name);
    for (const name of readdirSync(join(this.#folder, path))) {
      const inside = join(path, name);
      this.#names.set(inside, this.#inodeOf(inside));
    }
  }

  #inodeOf(path: string): number {
    return lstatSync(join(this.#folder, path)).ino;
  }
}

/** Writes an image into an empty folder, as the machine would find it when the power is back. */
export function restoreImage(image: DiskImage, live: string, folder: string): void {
  for (const [path, inode] of [...image.names].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const target = join(folder, relative("", path));
    const content = image.contents.get(inode);
    if (content === undefined && isFolder(join(live, path))) mkdirSync(target, { recursive: true });
    else {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content ?? Buffer.alloc(0));
    }
  }
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
