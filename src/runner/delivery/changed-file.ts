/** One path that the work changes, as the rules look at it: modes as in git, "000000" for absent. */
export type ChangedFile = {
  readonly path: string;
  readonly oldMode: string;
  readonly mode: string;
  readonly status: "added" | "modified" | "deleted" | "type-changed";
  /** Size of the new content; 0 when there is none. */
  readonly bytes: number;
  /** The new content's object, and the old one's; null when there is none. */
  readonly sha: string | null;
  readonly oldSha: string | null;
};

export const SYMLINK_MODE = "120000";
export const SUBMODULE_MODE = "160000";
