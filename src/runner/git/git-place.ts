/** Where git commands run: a repository of the runner's own, outside every work tree, and a home without settings. */
export type GitPlace = {
  readonly gitDir: string;
  readonly homeDir: string;
  /** The PATH to find git with. */
  readonly path: string;
};
